"""Floor 5, studies: one file or folder for each question; nothing is imported here."""

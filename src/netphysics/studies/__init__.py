"""Floor 4, studies: one file or folder for each question; nothing is imported here."""

"""Floor 4, studies: one file for each question; nothing is imported here."""

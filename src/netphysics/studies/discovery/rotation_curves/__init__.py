"""The study of rotation curves of galaxies; nothing is imported here."""

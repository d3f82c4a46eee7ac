"""The study of SciNet on a table of one's own; nothing is imported here."""

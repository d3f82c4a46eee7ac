"""The study of the sun at the center, found from angles; nothing is imported here."""

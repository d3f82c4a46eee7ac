"""The study of how the quartic coupling runs with the cutoff; nothing is imported here."""

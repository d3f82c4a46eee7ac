"""The study of three estimators of connected functions; nothing is imported here."""

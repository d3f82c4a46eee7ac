"""The study of networks that decide the unknot; nothing is imported here."""

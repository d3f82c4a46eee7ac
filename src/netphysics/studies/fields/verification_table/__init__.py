"""The study of a published table of couplings; nothing is imported here."""

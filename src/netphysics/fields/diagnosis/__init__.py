"""Diagnosis: will this network train, and if not, why not and what mends it? Everything is seen before training."""

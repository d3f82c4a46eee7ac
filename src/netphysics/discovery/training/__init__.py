"""How networks learn from simulated worlds and from noisy tables, and what they are compared with."""

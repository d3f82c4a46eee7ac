"""Networks that learn: trained ensembles, and what theory says about them."""

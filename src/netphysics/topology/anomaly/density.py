"""Density on the sphere that phase space is: events where few others are."""

from __future__ import annotations

import numpy as np
from sklearn.mixture import GaussianMixture

COMPONENTS = 16
# Points of a sphere lie on a surface: without a floor, a component can shrink onto it.
FLOOR = 1e-3


def fit_density(points: np.ndarray, seed: int = 0, components: int = COMPONENTS) -> GaussianMixture:
    """A mixture of normal laws, in the space around the sphere, of events that are its points.

    Args:
        points: shape (events, numbers).

    Raises:
        ValueError: for fewer events than components.
    """
    if len(points) < components:
        raise ValueError(f"there are {len(points)} events; a density of {components} components takes at least as many")
    return GaussianMixture(components, reg_covar=FLOOR, random_state=seed, init_params="k-means++").fit(points)


def rarity(density: GaussianMixture, points: np.ndarray) -> np.ndarray:
    """Minus the logarithm of the density, shape (events,): high where events are rare.

    A density depends on coordinates; these are the relative momenta, normalized. An excess inside of a dense region
    makes it denser still, so that its events look less rare, not more.
    """
    return -density.score_samples(points)

"""netphysics: a laboratory for the physics of neural networks.

    >>> import netphysics
    >>> run = netphysics.run("gaussian-process-limit", preset="quick")   # doctest: +SKIP
    >>> run.claims[0].verdict                                            # doctest: +SKIP
    'agrees'

The parts live in `netphysics.stats`, `blocks`, `nets`, `lab`, the wings (`fields`, ...) and `report`;
nothing heavy is imported before it is used.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

# Where each name lives: its module, and what it is called there.
_HOME = {
    **{name: ("api", name) for name in ("anomaly", "apply", "diagnose", "load", "run", "shape", "studies")},
    "Discovery": ("discovery.estimator", "Discovery"),
    "knot": ("knots.summary", "summarize"),
    "unknot": ("knots.untie", "untie"),
}

__all__ = [
    "Discovery",
    "__version__",
    "anomaly",
    "apply",
    "diagnose",
    "knot",
    "load",
    "run",
    "shape",
    "studies",
    "unknot",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'netphysics' has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(importlib.import_module(f"netphysics.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)

"""netphysics: a laboratory for the physics of neural networks.

    >>> import netphysics
    >>> run = netphysics.run("gaussian-process-limit", preset="quick")   # doctest: +SKIP
    >>> run.claims[0].verdict                                            # doctest: +SKIP
    'agrees'

The parts live in `netphysics.stats`, `blocks`, `nets`, `lab`, the wings (`fields`, ...) and `report`;
nothing heavy is imported before it is used.
"""

import importlib

__version__ = "0.1.0"

_LAZY = {
    **dict.fromkeys(("apply", "diagnose", "load", "run", "studies"), "api"),
    "Discovery": "discovery.estimator",
    "knot": "knots.summary",
}

__all__ = ["Discovery", "__version__", "apply", "diagnose", "knot", "load", "run", "studies"]


def __getattr__(name: str):
    if name in _LAZY:
        return getattr(importlib.import_module(f"netphysics.{_LAZY[name]}"), "summarize" if name == "knot" else name)
    raise AttributeError(f"module 'netphysics' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)

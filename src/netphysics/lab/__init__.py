"""Floor 3, the laboratory: what a study is, how it is run, and where its results live.

Names are imported on first use: `netphysics list` reads `lab.catalog`, and must not wait for jax.
"""

import importlib
from typing import Any

_HOME = {
    "Coordinates": "data",
    "Equation": "study",
    "Experiment": "study",
    "Interrupted": "campaign",
    "Progress": "campaign",
    "Results": "study",
    "Run": "run",
    "Study": "study",
    "StudyConfig": "options",
    "agreement": "cells",
    "bibtex": "citations",
    "budget": "options",
    "gather": "cells",
    "grid": "cells",
    "load_run": "run",
    "option": "accepted",
    "reference": "citations",
    "run_id": "store",
    "run_study": "runner",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

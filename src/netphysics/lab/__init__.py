"""Floor 2, the laboratory: what a study is, how it is run, and where its results live."""

from .citations import bibtex, reference
from .provenance import provenance
from .runner import Interrupted, Progress, run_study
from .store import Run, run_id
from .study import Equation, Results, Study, StudyConfig, budget

__all__ = [
    "Equation",
    "Interrupted",
    "Progress",
    "Results",
    "Run",
    "Study",
    "StudyConfig",
    "bibtex",
    "budget",
    "provenance",
    "reference",
    "run_id",
    "run_study",
]

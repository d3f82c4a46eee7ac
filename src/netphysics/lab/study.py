"""Study: one question of the literature, as a few plain functions in one file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..blocks import Cell
from ..stats import Claim, Estimate, Numbers, Tally
from .data import Coordinates
from .options import StudyConfig
from .source import place_of

# Results by cell and quantity, of theory (exact, or with the error of a quadrature) and of experiment.
Results = Mapping[str, Mapping[str, Estimate]]
# What an experiment returns: named sums over realizations; or those, and arrays that are kept as they are, with one
# entry for each realization along their first axis.
Sums = Mapping[str, Any]
Kept = Mapping[str, Any]
Experiment = Callable[[Any], Sums | tuple[Sums, Kept]]

Options = TypeVar("Options", bound=StudyConfig)


@dataclass(frozen=True)
class Equation:
    """A formula of the theory: LaTeX, the words that say what it is, and what its symbols mean."""

    latex: str
    caption: str
    symbols: tuple[tuple[str, str], ...] = ()


def no_cells(config: StudyConfig) -> Sequence[Cell]:
    """The sweep of a study that is theory throughout."""
    return ()


def as_given(config: Options) -> Options:
    """The options of a study that has nothing to read before it begins."""
    return config


def without_names(config: Options) -> Mapping[str, Coordinates]:
    """The axes of a study that does not name them."""
    return {}


def means(config: Options, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    """The quantities of a study that asks for no more than the mean of everything it sums."""
    return {name: tally.mean(name) for name in tally.sums}


@dataclass(frozen=True, kw_only=True)
class Study(Generic[Options]):
    """One question, and everything that is needed to answer it again.

    A study that needs no experiment leaves out `cells`, `measure` and `reduce`.

    Attributes:
        name: the name on the command line, in lower case with hyphens.
        wing: the wing of the laboratory it belongs to.
        question: the question in one sentence.
        config: the dataclass of its options, a `StudyConfig`.
        resolve: `resolve(config) -> config`: reads, once and before all else, what options only name, such as a
            file; what it returns is the run's config, and resolves to itself.
        cells: `cells(config)`: the sweep, one cell per set of static shapes.
        predict: `predict(config) -> Results`: theory. It is stored before anything is measured.
        measure: `measure(config, cell) -> experiment`, where `experiment(keys)` draws one network per key
            and returns named sums over them; or a pair, such sums and arrays to keep, one entry for each key along
            their first axis (`Run.kept` reads them back). Pure; built once for each cell, then called per block.
        reduce: `reduce(config, cell, tally) -> {quantity: array}`: a smooth function of the means, in
            float64 on the host. Values, bias correction and error bars follow by the jackknife.
        compare: `compare(config, predicted, measured) -> claims`.
        figures: `figures(config, predicted, measured) -> figures` of the report, the answer first.
        coordinates: `coordinates(config) -> {quantity: {axis: values}}`: what the axes of array quantities are, for
            instance `{"norm": {"layer": range(1, config.depth + 1)}}`; `Run.dataset` and its table name them so.
        headline: the quantity whose relative error is shown live and ends a run `--until-error`.
        equations: the theory, for the report and `netphysics show`.
        cites: keys of references.bib.
        version: raised when results change for the same config.
    """

    name: str
    wing: str
    question: str
    config: type[Options]
    resolve: Callable[[Options], Options] = as_given
    cells: Callable[[Options], Iterable[Cell]] = no_cells
    predict: Callable[[Options], Results]
    measure: Callable[[Options, Cell], Experiment] | None = None
    reduce: Callable[[Options, Cell, Tally], Mapping[str, Numbers]] | None = None
    compare: Callable[[Options, Results, Results], Iterable[Claim]]
    figures: Callable[[Options, Results, Results], Iterable[Any]]
    coordinates: Callable[[Options], Mapping[str, Coordinates]] = without_names
    headline: str = ""
    equations: tuple[Equation, ...] = ()
    cites: tuple[str, ...] = ()
    version: int = 1

    @property
    def module(self) -> str:
        """The module that tells the study: its docstring is the abstract, and its bibliography lies beside it."""
        return self.compare.__module__

    @staticmethod
    def from_module(
        module: str,
        *,
        question: str,
        name: str = "",
        wing: str = "",
        headline: str = "",
        equations: tuple[Equation, ...] = (),
        cites: tuple[str, ...] = (),
        version: int = 1,
    ) -> Study[Any]:
        """The study whose parts a module defines under their own names.

        These are `Config`, `predict`, `compare` and `figures`; `cells` and `measure` if it measures anything, and
        `reduce` if it wants more than means; `resolve` if it reads files; and `coordinates` if it names the axes of
        arrays.

        Args:
            module: `__name__`, as the module says it.
            name, wing: left out, they are those of the file and of its folder in `netphysics.studies`.

        Raises:
            ValueError: for a part that is missing, or a module elsewhere that leaves out its wing.
        """
        parts = vars(sys.modules[module])
        needed = ["Config", "predict", "compare", "figures"]
        measures = any(part in parts for part in ("cells", "measure", "reduce"))
        needed += ["cells", "measure"] if measures else []
        if missing := [part for part in needed if part not in parts]:
            raise ValueError(f"module {module} has no {' and no '.join(missing)}; a study needs {', '.join(needed)}")
        place = place_of(module)
        if not (wing or place.wing):
            raise ValueError(f"wing is missing; {module} lies outside netphysics.studies and must name it")
        functions = {part: parts[part] for part in (*needed[1:], "resolve", "coordinates") if part in parts}
        if measures:
            functions["reduce"] = parts.get("reduce", means)
        return Study(
            name=name or place.name,
            wing=wing or place.wing,
            question=question,
            config=parts["Config"],
            headline=headline,
            equations=equations,
            cites=cites,
            version=version,
            **functions,
        )

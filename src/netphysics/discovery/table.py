"""Tables: a physicist's own observations, questions and answers, read and checked before anything is trained."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from .worlds import Sample

ROWS_PER_LATENT = 50
TEST_SHARE = 0.2
FULL_TURN = 2 * np.pi


@dataclass(frozen=True)
class Columns:
    """Which columns of a table play which part; names may be patterns such as `x*`.

    Attributes:
        observation, question, answer: what the encoder sees, what is asked, what is right.
        candidates: quantities that a neuron may turn out to hold; no network sees them.
        circular: angles in radians among observation and question, shown to networks as cosine and sine.
        group: rows with the same value here stay on one side of the split.
    """

    observation: tuple[str, ...]
    question: tuple[str, ...]
    answer: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()
    group: str | None = None


@dataclass(frozen=True)
class Dataset:
    """A table ready for training: standardized, and split.

    Attributes:
        train, test: rows as systems with one question each; `variables` are the candidates.
        candidates: their names.
        spread: standard deviations of the answers, the unit in which errors are counted.
    """

    train: Sample
    test: Sample
    candidates: tuple[str, ...]
    spread: Float[np.ndarray, " answer"]


def read_table(path: str | Path) -> dict[str, np.ndarray]:
    """The columns of a table by name, float64: CSV with a header, npz, or HDF5 with one dataset per column.

    Raises:
        ValueError: for a file that is missing, of another kind or not readable; text where numbers belong; NaN or
            infinity; columns of different lengths.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"--data is {path}; there is no such file")
    readers = {".csv": _read_csv, ".npz": _read_npz, ".h5": _read_hdf5, ".hdf5": _read_hdf5}
    if path.suffix not in readers:
        raise ValueError(f"--data is {path}; a table is one of {', '.join(readers)}")
    try:
        columns = {name: np.asarray(column, np.float64) for name, column in readers[path.suffix](path).items()}
    except (OSError, KeyError, TypeError) as error:
        raise ValueError(f"--data is {path}; it cannot be read ({error})") from None
    if len({column.shape for column in columns.values()}) != 1 or next(iter(columns.values())).ndim != 1:
        raise ValueError(f"--data is {path}; its columns must be one-dimensional and of one length")
    for name, column in columns.items():
        if lost := int((~np.isfinite(column)).sum()):
            row = int(np.flatnonzero(~np.isfinite(column))[0])
            raise ValueError(
                f"--data is {path}; column {name} has {lost} rows without a finite number, the first is row {row + 1}"
            )
    return columns


def dataset(table: Mapping[str, np.ndarray], parts: Columns, latents: int, seed: int) -> Dataset:
    """Choose, check, standardize and split the columns of a table.

    Raises:
        ValueError: for columns that are missing (near names are suggested), constant or used twice; angles beyond
            a full turn or two; fewer than 50 rows per latent; a single group.
    """
    names = {part: select(table, getattr(parts, part), part) for part in ("observation", "question", "answer")}
    candidates = select(table, parts.candidates, "candidates")
    circular = select(table, parts.circular, "circular")
    for part in ("observation", "answer"):
        if not names[part]:
            raise ValueError(f"--{part} is empty; at least one column of {', '.join(table)} is needed")
    if both := set(names["answer"]) & {*names["observation"], *names["question"]}:
        raise ValueError(f"column {min(both)} is an answer and is shown to the network; it can be one of the two")
    rows = len(next(iter(table.values())))
    if rows < ROWS_PER_LATENT * max(latents, 1):
        raise ValueError(f"the table has {rows} rows; {latents} latents need at least {ROWS_PER_LATENT * latents}")
    shown = {part: _shown(table, names[part], circular) for part in ("observation", "question")}
    answer = _stacked(table, names["answer"])
    hidden = _stacked(table, candidates)
    for name in (*names["answer"], *candidates):
        _refuse_constant(name, table[name])
    spread = answer.std(axis=0) if answer.size else np.zeros(0)
    whole = Sample(
        hidden.astype(np.float32),
        shown["observation"].astype(np.float32),
        shown["question"][:, None].astype(np.float32),
        ((answer - answer.mean(axis=0)) / spread)[:, None].astype(np.float32),
    )
    held = _held_out(table, parts.group, rows, seed)
    train, test = (Sample(*(part[mask] for part in whole)) for mask in (~held, held))
    return Dataset(train, test, candidates, spread)


def select(table: Mapping[str, np.ndarray], patterns: Sequence[str], part: str) -> tuple[str, ...]:
    """The columns that match the patterns, in their order, none twice.

    Raises:
        ValueError: for a pattern that nothing matches.
    """
    found = []
    for pattern in patterns:
        matching = fnmatch.filter(table, pattern)
        if not matching:
            near = difflib.get_close_matches(pattern, table, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the table has {', '.join(table)}"
            raise ValueError(f"--{part} names {pattern}, which is no column; {hint}")
        found += matching
    return tuple(dict.fromkeys(found))


def _shown(table: Mapping[str, np.ndarray], names: Sequence[str], circular: Sequence[str]) -> np.ndarray:
    """What a network sees: standardized columns, angles as cosine and sine."""
    columns = []
    for name in names:
        column = table[name]
        _refuse_constant(name, column)
        if name in circular:
            if np.ptp(column) > 2 * FULL_TURN:
                raise ValueError(f"--circular names {name}, which spans {np.ptp(column):.3g}; angles are in radians")
            columns += [np.cos(column), np.sin(column)]
        else:
            columns.append((column - column.mean()) / column.std())
    return np.stack(columns, axis=1) if columns else np.zeros((len(next(iter(table.values()))), 0))


def _stacked(table: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    rows = len(next(iter(table.values())))
    return np.stack([table[name] for name in names], axis=1) if names else np.zeros((rows, 0))


def _refuse_constant(name: str, column: np.ndarray) -> None:
    if np.ptp(column) == 0:
        raise ValueError(f"column {name} is constant ({column[0]:g}); it tells nothing and cannot be used")


def _held_out(table: Mapping[str, np.ndarray], group: str | None, rows: int, seed: int) -> np.ndarray:
    """Which rows are for testing: a fifth of the groups, or of the rows where there are no groups."""
    if group is None:
        labels = np.arange(rows)
    else:
        (name,) = select(table, (group,), "group")
        labels = np.unique(table[name], return_inverse=True)[1]
    count = int(labels.max()) + 1
    if count < 2:
        raise ValueError(f"--group is {group}, which has one value; a split needs at least two")
    chosen = np.random.default_rng(seed).permutation(count)[: max(1, round(TEST_SHARE * count))]
    return np.isin(labels, chosen)


def _read_csv(path: Path) -> dict[str, np.ndarray]:
    with open(path, encoding="utf-8-sig") as stream:
        names = [name.strip().strip('"') for name in stream.readline().split(",")]
    if len(set(names)) < len(names):
        raise ValueError(f"--data is {path}; its header has a column twice, or none")
    try:
        rows = np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2, encoding="utf-8-sig")
    except ValueError:
        raise ValueError(f"--data is {path}; {_first_flaw(path, names)}") from None
    if rows.shape[1] != len(names):
        raise ValueError(f"--data is {path}; its header has {len(names)} columns and its rows {rows.shape[1]}")
    return dict(zip(names, rows.T, strict=True))


def _first_flaw(path: Path, names: list[str]) -> str:
    """Where the first field is that is no number, and how many rows have one."""
    flaws, first = 0, ""
    with open(path, encoding="utf-8-sig") as stream:
        next(stream)
        for row, line in enumerate(stream, start=1):
            fields = line.rstrip("\n").split(",")
            if len(fields) != len(names):
                flaws, first = flaws + 1, first or f"row {row} has {len(fields)} fields instead of {len(names)}"
                continue
            for name, field in zip(names, fields, strict=True):
                try:
                    float(field)
                except ValueError:
                    flaws, first = flaws + 1, first or f"row {row} has {field!r} in column {name}, which is no number"
                    break
    return f"{first}; {flaws} rows are like that"


def _read_npz(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _read_hdf5(path: Path) -> dict[str, np.ndarray]:
    import h5py

    with h5py.File(path, "r") as file:
        return {name: data[...] for name, data in file.items() if isinstance(data, h5py.Dataset)}

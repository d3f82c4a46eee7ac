"""Windows: time series in long format, one row for each time, as observations and questions about later times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from ...tables import Table, bare_name, numbers

BEFORE, AHEAD = "before", "ahead"


@dataclass(frozen=True)
class Windows:
    """How series become rows: so many times in a row are observed, and one of as many that follow is asked about.

    Attributes:
        time, series: the columns with the time, and with what tells one series from another.
        length: times that are observed.
    """

    time: str
    series: str
    length: int

    def table(self, long: Table) -> Table:
        """One row for each window.

        Columns keep their names and are the values at the time that is asked about. For each column of numbers,
        `<name> before[0]`, `<name> before[1]`, ... are those in the window, the earliest first; `<time> ahead` is how
        long after the end of the window is asked. Where times are not equally spaced, `<time> before[...]` are those
        of the window, counted from its end. Which later time is asked about is random, and the same in each call.

        Raises:
            ValueError: for columns that are missing, a time that is text, missing or twice in a series, and series
                that are all too short.
        """
        for option, name in (("time", self.time), ("series", self.series)):
            if name not in long:
                raise ValueError(f"--{option} is {name!r}, which is no column; the table has {', '.join(long)}")
        time, (_, labels) = numbers(long, self.time), np.unique(long[self.series], return_inverse=True)
        if np.isnan(time).any():
            raise ValueError(f"column {self.time} lacks a number in {np.isnan(time).sum()} rows; all need a time")
        order = np.lexsort((time, labels))
        steps, same = np.diff(time[order]), np.diff(labels[order]) == 0
        if twice := int((same & (steps == 0)).sum()):
            raise ValueError(f"column {self.time} has the same time twice in a series, in {twice} rows")
        seen, asked = self._places(np.bincount(labels))
        if not len(seen):
            raise ValueError(f"no series is longer than {self.length} rows; a smaller --window may do")
        seen, asked = order[seen], order[asked]
        columns = {name: column[asked] for name, column in long.items() if name != self.time}
        measured = [name for name, column in long.items() if column.dtype.kind == "f" and name != self.time]
        columns |= {f"{name} {BEFORE}": long[name][seen] for name in measured if name != self.series}
        columns[f"{self.time} {AHEAD}"] = time[asked] - time[seen[:, -1]]
        if not np.allclose(steps[same], steps[same][0], rtol=1e-6, atol=0):
            columns[f"{self.time} {BEFORE}"] = time[seen[:, :-1]] - time[seen[:, -1:]]
        windows = f"{len(asked)} windows of {self.length} rows in {len(np.unique(labels))} series"
        return Table(columns, ", ".join(filter(None, [long.reading, windows])))

    def _places(self, lengths: Int[np.ndarray, " series"]) -> tuple[np.ndarray, np.ndarray]:
        """Places in the sorted table of what is seen in each window, (windows, length), and of what is asked."""
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        first = np.concatenate(
            [start + np.arange(max(count - self.length, 0)) for start, count in zip(starts, lengths, strict=True)]
        ).astype(int)
        ends = np.repeat(starts + lengths, np.maximum(lengths - self.length, 0))
        last = np.minimum(first + 2 * self.length, ends)
        asked = np.random.default_rng(0).integers(first + self.length, last) if len(first) else first
        return first[:, None] + np.arange(self.length), asked

    def observed(self, table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
        """The columns of windows that names stand for, and the times of the window where they matter."""
        known = {bare_name(name): name for name in table}
        full = [known.get(name, name) for name in names]
        before = [f"{name} {BEFORE}" if f"{name} {BEFORE}[0]" in table else name for name in full]
        times = f"{self.time} {BEFORE}"
        return tuple(dict.fromkeys([*before, *([times] if f"{times}[0]" in table else [])]))

"""Scales: how the columns of a table become numbers of order one, and answers become columns again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float

from .outliers import Limits, within

FULL_TURN = 2 * np.pi
DEGREES = 360.0


def angle(column: np.ndarray, name: str) -> np.ndarray:
    """A column of angles in radians: taken as they are within two turns, else as degrees within two turns.

    Raises:
        ValueError: for a column that is neither.
    """
    largest = np.abs(column).max()
    if largest <= 2 * FULL_TURN:
        return column
    if largest <= 2 * DEGREES:
        return np.deg2rad(column)
    raise ValueError(f"--circular names {name}, which reaches {largest:.3g}; angles are radians or degrees")


@dataclass(frozen=True)
class Scales:
    """How columns become numbers of order one.

    Attributes:
        center, spread: mean and standard deviation of each column, from the rows for training.
        circular: columns that are angles, shown as cosine and sine.
        degrees: those of them that are in degrees.
        gaps: columns that lack numbers in places, shown with a second one that is 1 where the number is there.
        limits: of columns with outliers; numbers beyond are shown as at the limit.
    """

    center: Mapping[str, float]
    spread: Mapping[str, float]
    circular: tuple[str, ...] = ()
    degrees: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    limits: Mapping[str, Limits] = field(default_factory=dict)

    @staticmethod
    def of(
        columns: Mapping[str, np.ndarray],
        held: Bool[np.ndarray, " rows"],
        circular: Sequence[str],
        limits: Mapping[str, Limits] | None = None,
        outliers: Mapping[str, Bool[np.ndarray, " rows"]] | None = None,
        pixels: Sequence[str] = (),
    ) -> Scales:
        """The scales of these columns.

        Args:
            held: rows that are for testing.
            limits: beyond which numbers are shown as at the limit.
            outliers: rows that do not count, by column.
            pixels: columns that have one center and one spread.
        """
        limits, outliers = limits or {}, outliers or {}
        columns = {**columns, **within(columns, limits)}
        angles = tuple(name for name in circular if name in columns)
        train = {name: column[~(held | outliers.get(name, False))] for name, column in columns.items()}
        center = {name: float(np.nanmean(column)) for name, column in train.items()}
        # A column may be constant here, and not in the rows that are held out.
        spread = {name: float(np.nanstd(column)) or 1.0 for name, column in train.items()}
        if pixels:
            image = np.stack([train[name] for name in pixels])
            center |= dict.fromkeys(pixels, float(np.nanmean(image)))
            spread |= dict.fromkeys(pixels, float(np.nanstd(image)) or 1.0)
        return Scales(
            center,
            spread,
            angles,
            tuple(name for name in angles if angle(columns[name], name) is not columns[name]),
            tuple(name for name, column in columns.items() if np.isnan(column).any()),
            limits,
        )

    def width(self, names: Sequence[str]) -> int:
        """How many numbers a network sees of these columns."""
        return sum(1 + (name in self.circular or name in self.gaps) for name in names)

    def standardized(self, columns: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
        """Columns with mean 0 and standard deviation 1, shape (rows, names), NaN where a number is missing."""
        columns = {**columns, **within(columns, self.limits)}
        table = [(columns[name] - self.center[name]) / self.spread[name] for name in names]
        return np.stack(table, axis=1) if table else np.zeros((len(next(iter(columns.values()))), 0))

    def network_inputs(
        self, columns: Mapping[str, np.ndarray], names: Sequence[str]
    ) -> Float[np.ndarray, "rows numbers"]:
        """What a network sees of these columns.

        Raises:
            ValueError: for numbers that are missing in a column that had them all in training.
        """
        parts = []
        for name, column in zip(names, self.standardized(columns, names).T, strict=True):
            missing = np.isnan(column)
            if missing.any() and name not in self.gaps:
                raise ValueError(
                    f"column {name} lacks a number in {missing.sum()} rows, the first is row {np.argmax(missing) + 1}; "
                    "it never did in training"
                )
            if name in self.circular:
                turned = np.deg2rad(columns[name]) if name in self.degrees else columns[name]
                parts += [np.cos(turned), np.sin(turned)]
            else:
                parts.append(np.nan_to_num(column))
                parts += [1.0 - missing] if name in self.gaps else []
        rows = len(next(iter(columns.values())))
        return np.stack(parts, axis=1).astype(np.float32) if parts else np.zeros((rows, 0), np.float32)

    def answers(self, values: Float[np.ndarray, "rows answer"], names: Sequence[str]) -> dict[str, np.ndarray]:
        """Answers of a network as columns in their own units."""
        return {
            name: self.center[name] + self.spread[name] * np.asarray(column, np.float64)
            for name, column in zip(names, values.T, strict=True)
        }

"""The galaxy table of SPARC, which alone holds the inclinations of galaxies, their errors, and the quality of curves.

It is a machine-readable table of the AAS: a byte-by-byte description that names the columns under `Label`, notes, and
after the last line of dashes one galaxy per line. Fields are separated by spaces; in the file that is distributed they
do not stand at the bytes that its description gives.

Source: Lelli, McGaugh & Schombert, arXiv:1606.09251. No data come with this package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# A line of the byte-by-byte description: bytes, format, unit, label.
DESCRIBED = re.compile(r"^\s*(?:\d+\s*-\s*)?\d+\s+[AIFE]\d+(?:\.\d+)?\s+\S+\s+(\S+)")
DASHES = re.compile(r"^-{20,}\s*$")
COLUMNS = ("Galaxy", "Inc", "e_Inc", "Q")
# The cuts of McGaugh, Lelli and Schombert, arXiv:1609.05917: no curve of quality 3, none within 30 degrees of face-on.
WORST_QUALITY, LEAST_INCLINATION = 2, 30.0


@dataclass(frozen=True)
class Orientation:
    """How a galaxy lies in the sky.

    Attributes:
        inclination, error: in degrees; 90 is edge-on.
        quality: of the curve: 1 high, 2 medium, 3 low.
    """

    inclination: float
    error: float
    quality: int

    @property
    def usable(self) -> bool:
        """Whether velocities can be trusted."""
        return self.quality <= WORST_QUALITY and self.inclination >= LEAST_INCLINATION

    @property
    def velocity_error(self) -> float:
        """Relative error that the inclination i leaves in all velocities, which are divided by sin i."""
        return float(np.deg2rad(self.error) / np.tan(np.deg2rad(self.inclination)))


def find_galaxy_table(folder: Path) -> Path | None:
    """The first `.mrt` file with inclinations in a folder of curves or beside the folder; None if there is none."""
    paths = [*sorted(folder.glob("*.mrt")), *sorted(folder.resolve().parent.glob("*.mrt"))]
    return next((path for path in paths if set(COLUMNS) <= set(_labels(_lines(path)))), None)


def read_galaxy_table(path: Path) -> dict[str, Orientation]:
    """Orientations by the names of galaxies.

    Raises:
        ValueError: for a table without one of the columns, and for a line that is not as the table describes it.
    """
    lines = _lines(path)
    labels = _labels(lines)
    if missing := [name for name in COLUMNS if name not in labels]:
        raise ValueError(f"{path} has no column {missing[0]}; it describes {', '.join(labels) or 'none'}")
    start = 1 + max((i for i, line in enumerate(lines) if DASHES.match(line)), default=-1)
    name, *places = (labels.index(label) for label in COLUMNS)
    found = {}
    for number, line in enumerate(lines[start:], start=start + 1):
        if not (fields := line.split()):
            continue
        try:
            inclination, error, quality = (float(fields[place]) for place in places)
        except (IndexError, ValueError):
            raise ValueError(f"{path} has no numbers for {', '.join(COLUMNS[1:])} in line {number}") from None
        found[fields[name]] = Orientation(inclination, error, int(quality))
    return found


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _labels(lines: list[str]) -> list[str]:
    return [match.group(1) for line in lines if (match := DESCRIBED.match(line))]

r"""Measured rotation curves: a folder of `*_rotmod.dat` files as the SPARC data base has them.

Each file is one galaxy: lines that begin with `#` for the distance, the names of the columns and their units, then
numbers. `Rad` is the radius in kpc; `Vobs` the velocity that is observed, in km/s, with its error `errV`; `Vgas`,
`Vdisk` and `Vbul` are the velocities that gas, disc and bulge alone would give, stars at a ratio of mass to light of
1. Surface brightnesses are not used. Velocities of components are negative for a pull outwards, so that
$v_b^2 = V_{gas} |V_{gas}| + \Upsilon_{disk} V_{disk} |V_{disk}| + \Upsilon_{bul} V_{bul} |V_{bul}|$.

Source: Lelli, McGaugh & Schombert, arXiv:1606.09251. No data come with this package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .galaxies import POINTS, observation, question
from .world import Sample

SUFFIX = "_rotmod.dat"
COLUMNS = ("Rad", "Vobs", "errV", "Vgas", "Vdisk", "Vbul")
DISTANCE = re.compile(r"distance\s*=\s*([-+.0-9eE]+)", re.IGNORECASE)
# Every other point is seen, the rest are asked about: fewer would make no curve.
FEWEST = 7
# No velocity is believed to better than this share of itself.
SMALLEST_ERROR = 1e-3


@dataclass(frozen=True)
class Curve:
    """One galaxy. Velocities squared and signed, in (km/s)^2, for gas, disc and bulge.

    Attributes:
        name: that of its file.
        distance: in Mpc; NaN where the file has none.
        r: radii in kpc, rising.
        v, error: observed velocity and its standard error in km/s.
    """

    name: str
    distance: float
    r: Float[np.ndarray, " n"]
    v: Float[np.ndarray, " n"]
    error: Float[np.ndarray, " n"]
    gas: Float[np.ndarray, " n"]
    disc: Float[np.ndarray, " n"]
    bulge: Float[np.ndarray, " n"]


def read_curves(folder: str | Path) -> list[Curve]:
    """The galaxies of a folder, by name.

    Raises:
        ValueError: for a folder that is missing or has no such file; a file without names of columns, without one of
            the columns, or with text where numbers belong.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"--sparc is {folder}; there is no such folder")
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        raise ValueError(f"--sparc is {folder}; it has no file whose name ends in {SUFFIX}")
    return [read_curve(path) for path in paths]


def read_curve(path: Path) -> Curve:
    """One file; see `read_curves`."""
    comments, rows = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if line.lstrip().startswith("#"):
            comments.append(line.lstrip("# \t"))
        elif line.strip():
            rows.append((number, line.split()))
    names = next((line.split() for line in comments if line.split()[:1] == ["Rad"]), None)
    if names is None:
        raise ValueError(f"{path} has no comment that names its columns; it begins with Rad")
    if missing := [name for name in COLUMNS if name not in names]:
        raise ValueError(f"{path} has no column {missing[0]}; its columns are {', '.join(names)}")
    if not rows:
        raise ValueError(f"{path} has no numbers")
    table = np.array([_numbers(path, line, fields, len(names)) for line, fields in rows])
    column = dict(zip(names, table[np.argsort(table[:, names.index("Rad")], kind="stable")].T, strict=True))
    gas, disc, bulge = (column[name] * np.abs(column[name]) for name in COLUMNS[3:])
    found = DISTANCE.search(" ".join(comments))
    distance = float(found.group(1)) if found else np.nan
    return Curve(
        path.name.removesuffix(SUFFIX), distance, column["Rad"], column["Vobs"], column["errV"], gas, disc, bulge
    )


def _numbers(path: Path, line: int, fields: list[str], width: int) -> list[float]:
    if len(fields) != width:
        raise ValueError(f"{path} has {len(fields)} fields in line {line}; it names {width} columns")
    for field in fields:
        try:
            finite = np.isfinite(float(field))
        except ValueError:
            finite = False
        if not finite:
            raise ValueError(f"{path} has {field!r} in line {line}, which is no finite number")
    return [float(field) for field in fields]


def seen_and_asked(curves: list[Curve], disc_ratio: float, bulge_ratio: float) -> tuple[Sample, float, list[str]]:
    r"""Galaxies as observations and questions, as a network that was trained on a world of galaxies takes them.

    Every other point of a curve is seen, read off at radii equally spaced in ln r; those between are asked about, so
    that no error of a velocity is both seen and asked. Answers weigh as $1/\sigma^2$, where $\sigma$ is the relative
    error of the velocity. Points without positive velocity, error or pull of visible matter are left out, and so are
    galaxies with fewer than 7 points.

    Returns:
        the galaxies, with questions of weight 0 where others have more; the relative error of a velocity, as the
        root of an inverse mean of $1/\sigma^2$; the names of the galaxies.

    Raises:
        ValueError: for ratios of mass to light that are not positive, and if no galaxy is left.
    """
    for name, ratio in (("disc_ratio", disc_ratio), ("bulge_ratio", bulge_ratio)):
        if not ratio > 0:
            raise ValueError(f"{name} is {ratio}; a ratio of mass to light must be positive")
    found = {}
    for curve in curves:
        visible = curve.gas + disc_ratio * curve.disc + bulge_ratio * curve.bulge
        good = (curve.r > 0) & (curve.v > 0) & (curve.error > 0) & (visible > 0)
        good &= np.diff(curve.r, prepend=-1) > 0
        if good.sum() >= FEWEST:
            parts = (curve.r, curve.v / np.sqrt(np.abs(visible)), visible, curve.gas, curve.error / curve.v)
            found[curve.name] = _one([part[good] for part in parts])
    if not found:
        raise ValueError(f"none of {len(curves)} galaxies has {FEWEST} points with positive velocities and errors")
    most = max(len(error) for _, _, _, error in found.values())
    padded = [[_padded(part, most) for part in parts[1:]] for parts in found.values()]
    questions, answers, errors = (np.stack(parts) for parts in zip(*padded, strict=True))
    precision = np.where(errors > 0, 1 / np.maximum(errors, SMALLEST_ERROR) ** 2, 0.0)
    seen = np.stack([parts[0] for parts in found.values()])
    # Padding has weight 0 and counts in means: weights of mean 1 over all make them weighted means of what is there.
    weights = precision / precision.mean()
    sample = Sample(np.zeros((len(found), 0)), seen, questions, answers[..., None], weights[..., None])
    typical = precision[errors > 0].mean() ** -0.5
    return Sample(*(np.asarray(part, np.float32) for part in sample)), float(typical), list(found)


def _one(parts: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Observation, questions, answers and their errors of one curve."""
    r, boost, visible, gas, error = parts
    seen = np.arange(len(r)) % 2 == 0
    seen[-1] = True
    grid = np.linspace(np.log(r[0]), np.log(r[-1]), POINTS)
    at = [np.interp(grid, np.log(r[seen]), part[seen]) for part in (np.log(boost), np.log(visible), gas / visible)]
    asked = asked_at(np.exp(grid), np.exp(at[1]), at[2])
    questions = np.asarray(asked_at(r[~seen], visible[~seen], gas[~seen] / visible[~seen]))
    return (
        np.asarray(observation(asked, jnp.asarray(at[0], jnp.float32))),
        questions,
        np.log(boost[~seen]),
        error[~seen],
    )


def asked_at(*parts: np.ndarray) -> Float[Array, "n 3"]:
    return question(*(jnp.asarray(part, jnp.float32) for part in parts))


def _padded(part: np.ndarray, length: int) -> np.ndarray:
    return np.concatenate([part, np.zeros((length - len(part), *part.shape[1:]))])

"""`netphysics shape DATA.npz`: what is the topology of this cloud of points, and what does it ask of an autoencoder?"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from netphysics.lab.accepted import SEEDS, option

from .arguments import parse
from .output import check_output, write_output


@dataclass(frozen=True)
class Options:
    """The shape of a cloud of points: pieces, dimension, holes, and the latent that an autoencoder of it needs."""

    data: str
    """A table of points, one per row: text, .npy, .npz, .h5 or .parquet, compressed or not."""
    columns: tuple[str, ...] = ()
    """Columns that make a point, by name or pattern (x*); all by default."""
    landmarks: int | None = option(None, least=4)
    """Landmarks for homology of every degree; by default 400, 150 and 90 for degrees 1, 2 and 3."""
    degree: int | None = option(None, least=1)
    """The highest degree of homology; by default the dimension of the cloud, 3 at most."""
    seed: int = option(0, between=SEEDS)
    """Seed of all random choices."""
    json: bool = False
    """Print one JSON object."""
    out: Path | None = None
    """Write a self-contained HTML page, too."""
    force: bool = False
    """Replace a page that exists."""


def main(arguments: list[str]) -> int:
    named = bool(arguments) and not arguments[0].startswith("-")
    options = parse(Options, ["--data", *arguments] if named else arguments, "shape")
    if options.out is not None:
        check_output(options.out, "--out", (".html",), force=options.force)
    from netphysics.topology.cloud import read_cloud
    from netphysics.topology.shape import shape_of

    found = shape_of(
        read_cloud(options.data, options.columns), landmarks=options.landmarks, degree=options.degree, seed=options.seed
    )
    if options.out is not None:
        from .shape_page import shape_page

        write_output(options.out, shape_page(found, Path(options.data).name, command(options)))
    if options.json:
        page = {"page": str(options.out)} if options.out else {}
        print(json.dumps({**found.to_json(), **page}, allow_nan=False))
        return 0
    from .shape_text import show_shape

    show_shape(found, options.data)
    if options.out is not None:
        print(f"page {options.out}")
    return 0


def command(options: Options) -> str:
    """The command that finds this again."""
    words = ["netphysics", "shape", options.data]
    words += ["--columns", *options.columns] if options.columns else []
    for name, default in (("landmarks", None), ("degree", None), ("seed", 0)):
        if (value := getattr(options, name)) != default:
            words += [f"--{name}", str(value)]
    return shlex.join(words)

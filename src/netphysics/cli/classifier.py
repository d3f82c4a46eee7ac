"""`netphysics classifier FILE`: train networks that tell knots from unknots, and keep them in a file."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tyro.conf import Positional

from netphysics.lab.accepted import SEEDS, option

from .arguments import parse
from .output import check_output


@dataclass(frozen=True)
class Options:
    """Train networks that tell knots from unknots, for the predictions of `netphysics knot --classifier FILE`."""

    file: Positional[Path]
    """Where the networks go; for instance knots.npz."""
    letters: int = option(15, least=8)
    """Letters of the longest words that they learn from; the shortest have 8."""
    architecture: Literal["feed-forward", "transformer", "reformer", "cyclic"] = "feed-forward"
    """Kind of network."""
    networks: int = option(5, least=2)
    """How many are trained, each on words of its own: where they differ, none can be relied on."""
    words: int = option(512, least=4, multiple=4)
    """Words to learn from, for each number of letters."""
    width: int = option(32, least=4, multiple=4)
    """Numbers per letter in a transformer; a feed-forward network has layers of eight times as many units."""
    depth: int = option(1, least=1)
    """Blocks of a transformer, which ends with a hidden layer; a feed-forward network has one layer more."""
    steps: int = option(2000, least=1)
    """Training steps, of 128 words each."""
    seed: int = option(0, between=SEEDS)
    """Seed of all random numbers."""
    json: bool = False
    """Print one JSON object."""
    force: bool = False
    """Replace a file that exists."""


def main(arguments: list[str]) -> int:
    options = parse(Options, arguments, "classifier")
    check_output(options.file, "FILE", force=options.force)
    import jax

    from netphysics.knots.classifiers import TrainingSettings, padded_length, train_classifier, write_classifier

    length = padded_length(options.letters)
    # A letter that SmartCollapse leaves occurs at least twice.
    settings = TrainingSettings(
        options.architecture, length, length // 2, width=options.width, depth=options.depth, steps=options.steps
    )
    keys = jax.random.split(jax.random.key(options.seed), options.networks)
    classifier = train_classifier(settings, options.letters, options.words, keys=keys, watch=tell)
    write_classifier(options.file, classifier)
    found = classifier.accuracy
    if options.json:
        row = {"file": str(options.file), "accuracy": float(found.value), "error": float(found.error)}
        print(json.dumps({**row, "networks": len(keys), "letters": classifier.letters, "strands": classifier.strands}))
    else:
        fewest, most = classifier.letters
        print(
            f"{options.file}: {len(keys)} networks for words of {fewest} to {most} letters on at most "
            f"{classifier.strands} strands\nbalanced accuracy on words that they did not learn: {found}"
        )
    return 0


def tell(stage: str) -> None:
    print(stage, file=sys.stderr, flush=True)

"""`netphysics words FILE`: a set of braid words, half of them unknots, with labels. Imports no jax."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tyro.conf import Positional

from netphysics.blocks import Processes, Threads, write_archive
from netphysics.knots.priors import Prior, Words, random_knots, random_unknots
from netphysics.lab.accepted import option

from .arguments import parse
from .output import check_output

# Words that one worker draws at a time. Toward the end of them few are left, and those go slowly.
AT_ONCE = 12_500


@dataclass(frozen=True)
class Options:
    """Draw braid words from the priors of 2010.16263: unknots by construction, and knots that an invariant shows."""

    file: Positional[Path]
    """Where they go: an npz file with letters (int8, a word in each row), strands, knotted and seeds."""
    letters: int = option(24, least=3)
    """Number of letters of every word."""
    count: int = option(10_000, least=2)
    """Number of words; even ones are unknots and odd ones knots."""
    stabilization: float = option(0.2, above=0, below=1)
    """Probability that a Markov move of the priors is a stabilization."""
    workers: int = option(1, least=1)
    """Processes."""
    seed: int = option(0, least=0)
    """Seed of all random numbers; more words of the same seed begin with the same words."""
    json: bool = False
    """Print one JSON object."""
    force: bool = False
    """Replace a file that exists."""


@dataclass(frozen=True)
class Part:
    """Words of one kind, with their places in the set."""

    prior: Prior
    knotted: bool
    places: np.ndarray
    seeds: np.ndarray


def main(arguments: list[str]) -> int:
    options = parse(Options, arguments, "words")
    check_output(options.file, "FILE", force=options.force)
    started = time.monotonic()
    words = draw_set(options)
    arrays = {name: getattr(words, name) for name in ("letters", "strands", "knotted", "seeds")}
    write_archive(options.file, arrays)
    seconds = time.monotonic() - started
    if options.json:
        row = {"file": str(options.file), "words": len(words), "knots": int(words.knotted.sum())}
        print(json.dumps({**row, "discarded": words.discarded, "seconds": round(seconds, 1)}))
    else:
        print(
            f"{options.file}: {len(words):,} words of {options.letters} letters in {seconds:.0f} s; "
            f"{words.discarded:,} draws that no invariant shows to be a knot were discarded"
        )
    return 0


def draw_set(options: Options) -> Words:
    """Unknots and knots in turn."""
    prior = Prior(options.letters, stabilization=options.stabilization)
    seeds = np.random.default_rng(options.seed).integers(0, 2**64, options.count, np.uint64)
    places = np.arange(options.count)
    parts = [
        Part(prior, bool(kind), some, seeds[some])
        for kind in (0, 1)
        for some in np.split(places[kind::2], range(AT_ONCE, len(places[kind::2]), AT_ONCE))
    ]
    letters = np.zeros((options.count, options.letters), np.int8)
    strands, done, discarded = np.ones(options.count, np.int64), 0, 0
    with (Processes(options.workers) if options.workers > 1 else Threads(1)).open() as compute:
        for part, words in compute(drawn, parts):
            letters[part.places], strands[part.places] = words.letters, words.strands
            done, discarded = done + len(words), discarded + words.discarded
            tell(done, options.count)
    return Words(letters, strands, places % 2 == 1, seeds, discarded)


def drawn(part: Part) -> Words:
    return (random_knots if part.knotted else random_unknots)(part.prior, part.seeds)


def tell(done: int, count: int) -> None:
    """Progress on stderr: one line that is rewritten on a terminal, elsewhere a JSON line."""
    if sys.stderr.isatty():
        print(f"\r{done:,} of {count:,} words", end="\n" if done == count else "", file=sys.stderr, flush=True)
    else:
        print(json.dumps({"done": done, "total": count}), file=sys.stderr, flush=True)

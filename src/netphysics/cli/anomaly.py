"""`netphysics anomaly EVENTS --signal SIGNAL`: which events stand out, by which score, and what each score can see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tyro.conf import Positional

from netphysics.lab.accepted import SEEDS, option

from .arguments import parse
from .output import check_output, write_output

if TYPE_CHECKING:
    from netphysics.topology.anomaly import Search


@dataclass(frozen=True)
class Options:
    """Score the events of a file by how much they stand out: reconstruction, density, and against a reference."""

    events: Positional[Path]
    """Events: .npz, .csv, .h5 or .lhe with E, px, py, pz of each particle, the top-tagging reference, or the LHC
    Olympics."""
    signal: Path | None = None
    """Events to be found, never trained on: each score is judged by how well it tells them from EVENTS. Without it,
    labels in EVENTS serve."""
    reference: Path | None = None
    """Events without signal, measured or simulated; flat massless phase space by default."""
    particles: int | None = option(None, least=1)
    """How many particles to keep of each event, those of largest transverse momentum; all by default."""
    count: int | None = option(None, least=1)
    """How many events to read; all by default."""
    frame: Literal["auto", "given", "rest"] = "auto"
    """rest boosts every event to its rest frame and scales its mass to 1; given takes momenta as they are, refuses
    events that violate momentum conservation, and scales energies to a mean of 1; auto is given where momenta add up to
    zero."""
    tolerance: float = option(1e-3, above=0)
    """How far momenta may be from adding up to zero, as a share of the energy of the event."""
    steps: int = option(2500, least=1)
    """Training steps of the autoencoders."""
    seed: int = option(0, between=SEEDS)
    """Seed of all random numbers."""
    json: bool = False
    """Print one JSON object."""
    scores: Path | None = None
    """Write the scores of all events, too: .npz with an array for each score."""
    out: Path | None = None
    """Write a self-contained HTML page, too."""
    force: bool = False
    """Replace files that exist."""


def main(arguments: list[str]) -> int:
    options = parse(Options, arguments, "anomaly")
    if options.scores is not None:
        check_output(options.scores, "--scores", (".npz",), force=options.force)
    if options.out is not None:
        check_output(options.out, "--out", (".html",), force=options.force)
    from netphysics.topology.anomaly import RATE, search_sets
    from netphysics.topology.autoencoders import Options as Networks
    from netphysics.topology.events import read_sets

    paths = {"events": options.events, "signal": options.signal, "reference": options.reference}
    sets = read_sets(
        {name: path for name, path in paths.items() if path is not None},
        options.particles,
        options.count,
        options.frame,
        options.tolerance,
    )
    found, words = search_sets(sets, Networks(steps=options.steps, rate=RATE), options.seed), sets.remarks
    if options.scores is not None:
        from netphysics.blocks import write_archive

        write_archive(options.scores, {file_name(name): scores for name, scores in found.scores.items()})
    if options.out is not None:
        from .anomaly_page import anomaly_page

        write_output(options.out, anomaly_page(found, words, command(options)))
    if options.json:
        print(json.dumps(as_json(found, words, options), allow_nan=False))
        return 0
    from .anomaly_text import show_search

    show_search(found, words)
    for name, path in (("scores", options.scores), ("page", options.out)):
        if path is not None:
            print(f"{name} {path}")
    return 0


def file_name(score: str) -> str:
    """The name of a score in a file of scores."""
    return score.replace(", ", "_").replace(" ", "_")


def as_json(found: Search, words: tuple[str, ...], options: Options) -> dict[str, Any]:
    """What `--json` prints."""
    rows = []
    for name in found.scores:
        row = {"score": name, "top": found.ranking(name).tolist()}
        if name in found.performance:
            performance = found.performance[name]
            efficiency, improvement = performance.best
            row["auc"] = {"value": float(performance.area.value), "error": float(performance.area.error)}
            row["significance_improvement"] = {
                "value": float(improvement.value),
                "error": float(improvement.error),
                "signal_efficiency": efficiency,
            }
        rows.append(row)
    paths = {name: str(getattr(options, name)) for name in ("scores", "out") if getattr(options, name) is not None}
    return {"read": list(words), "scores": rows, "notes": list(found.notes), "files": paths}


def command(options: Options) -> str:
    """The command that gives this search again."""
    import shlex

    words = ["netphysics", "anomaly", str(options.events)]
    default = Options(options.events)
    for name in ("signal", "reference", "particles", "count", "frame", "tolerance", "steps", "seed"):
        if (value := getattr(options, name)) != getattr(default, name):
            words += [f"--{name}", str(value)]
    return shlex.join(words)

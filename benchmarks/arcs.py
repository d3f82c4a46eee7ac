"""Unknots untied by a walk among arc presentations, beside regina, spherogram and GridPyM.

python benchmarks/arcs.py [--peers PYTHON] [--count N] [--scaling]

PYTHON is an interpreter that has the peers; it runs as a second process after ours, on the same diagrams. Ours is
timed from the PD code to the certificate that the checker has replayed. All times are of the processor. --scaling
measures instead how the steps of the walk grow with the number of crossings.
"""

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path
from random import Random

from tangles import hard_sum, hard_unknot

from netphysics.knots.arcs import ArcPresentation, arc_presentation, check, grow, simplify
from netphysics.knots.braids import Diagram, inflate
from netphysics.knots.braids.inflation import inflate_braid
from netphysics.knots.invariants import is_unknot
from netphysics.knots.published import hard_unknots

TRIVIAL = ArcPresentation([(0, 1), (0, 1)])
SIZES, SEEDS = (25, 50, 100, 200, 400), 15


def by_reidemeister(crossings, random):
    return inflate(Diagram((), (), 1), crossings, random)


def by_growth(crossings, random):
    """A grid diagram of n arcs that exchange moves have mixed has about n^2 / 6 crossings."""
    return grow(TRIVIAL, round((6 * crossings) ** 0.5), random).diagram


def by_markov(crossings, random):
    return Diagram.of_braid(inflate_braid(crossings, random))


MAKERS = {"Reidemeister moves": by_reidemeister, "grown grids": by_growth, "Markov moves": by_markov}
HARD = {"rational tangles": (hard_unknot, 14, 45), "sums of two": (hard_sum, 30, 60)}


def code(diagram):
    """The rows with labels 1, 2, ... along the knot, which is what regina reads."""
    number = {label: k for k, label in enumerate(diagram.strands[0], 1)}
    return [[number[label] for label in row] for row in diagram.crossings]


def untied(rows):
    """Seconds of processor time of a second run, and whether a certificate was found that replays."""
    is_unknot(Diagram.of_pd(rows))
    start = time.process_time()
    verdict = is_unknot(Diagram.of_pd(rows))
    if verdict.answer == "yes":
        check(verdict.certificate)
    return [time.process_time() - start, verdict.answer == "yes"]


def grid(diagram):
    """The rows of X and of O by column."""
    presentation = arc_presentation(diagram)
    cycle = presentation.cycles[0]
    marks = [[0] * len(presentation), [0] * len(presentation)]
    for k in range(0, len(cycle), 2):
        marks[0][cycle[k + 1]], marks[1][cycle[k + 1]] = cycle[k], cycle[(k + 2) % len(cycle)]
    return marks


def compare(count, peers):
    sets = {"published": [unknot.diagram for unknot in hard_unknots()]}
    for name, (make, least, most) in HARD.items():
        sets[name] = [make(Random(seed).randint(least, most), Random(seed)) for seed in range(count)]
    for name, make in MAKERS.items():
        sets[name] = [make(Random(seed).randint(18, 200), Random(seed)) for seed in range(count)]
    print("| diagrams | crossings | who | untied | median, ms | slowest, ms |\n|---|---|---|---|---|---|")
    for name, diagrams in sets.items():
        rows = [code(diagram) for diagram in diagrams]
        found = {"ours": [untied(row) for row in rows]}
        if peers:
            knots = [{"pd": pd, "grid": grid(diagram)} for pd, diagram in zip(rows, diagrams, strict=True)]
            script = Path(__file__).parent / "peers" / "untie.py"
            done = subprocess.run([peers, script], input=json.dumps(knots), text=True, capture_output=True, check=True)
            found |= json.loads(done.stdout)
        sizes = [len(diagram) for diagram in diagrams]
        for who, results in found.items():
            seconds = [1000 * each for each, _ in results]
            solved = sum(solved for _, solved in results)
            median, slowest = statistics.median(seconds), max(seconds)
            crossings = f"{min(sizes)} to {max(sizes)}"
            print(
                f"| {name} | {crossings} | {who} | {solved} of {len(rows)} | {median:.2f} | {slowest:.1f} |", flush=True
            )


def scaling():
    print("| crossings | " + " | ".join(MAKERS) + " |\n|---|" + "---|" * len(MAKERS))
    for size in SIZES:
        medians = []
        for make in MAKERS.values():
            walks = [simplify(arc_presentation(make(size, Random(seed))), 10**8, seed=seed) for seed in range(SEEDS)]
            medians.append(statistics.median(walk.steps for walk in walks))
        print(f"| {size} | " + " | ".join(f"{median:.0f}" for median in medians) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--scaling", action="store_true")
    arguments = parser.parse_args()
    if arguments.scaling:
        scaling()
    else:
        compare(arguments.count, arguments.peers)


if __name__ == "__main__":
    main()

"""Certificates in Reidemeister moves: how many moves, through how many crossings, and whether regina makes them, too.

python benchmarks/reidemeister.py [--peers PYTHON] [--walks N] [--inflated N] [--gordian]

PYTHON is an interpreter that has regina. Each diagram is untied by N walks; regina replays the shortest translation.
All times are of the processor: of the translation, and of our checker.
"""

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path
from random import Random

from arcs import MAKERS

from netphysics.knots.arcs import arc_presentation, simplify
from netphysics.knots.published import hard_unknots
from netphysics.knots.reidemeister import check, reidemeister_moves, replay

STEPS = 10**8


def translated(diagram, walks):
    """The certificates of so many walks, with seconds for each and for its check."""
    found = []
    for seed in range(walks):
        certificate = simplify(arc_presentation(diagram), STEPS, seed=seed).certificate
        start = time.process_time()
        moves = reidemeister_moves(diagram, certificate)
        between = time.process_time()
        check(moves)
        found.append((moves, between - start, time.process_time() - between))
    return found


def accepted(certificate, peers):
    diagrams = [{number: row[:] for number, row in rows.items()} for rows in replay(certificate)]
    given = [{"diagrams": diagrams, "moves": [list(move) for move in certificate.moves]}]
    script = Path(__file__).parent / "peers" / "reidemeister.py"
    done = subprocess.run([peers, script], input=json.dumps(given), text=True, capture_output=True, check=True)
    ((made, left),) = json.loads(done.stdout)
    return made == len(certificate.moves) and left == 0


def row(name, diagram, walks, peers):
    found = translated(diagram, walks)
    counts = [len(moves.moves) for moves, _, _ in found]
    shortest = min((moves for moves, _, _ in found), key=lambda moves: len(moves.moves))
    most = [moves.most_crossings for moves, _, _ in found]
    seconds = [statistics.median(times) for times in ([each[1] for each in found], [each[2] for each in found])]
    verdict = ("yes" if accepted(shortest, peers) else "no") if peers else ""
    print(
        f"| {name} | {len(diagram)} | {min(counts)} | {statistics.median(counts):.0f} | {min(most)} | "
        f"{1000 * seconds[0]:.1f} | {1000 * seconds[1]:.1f} | {verdict} |",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has regina")
    parser.add_argument("--walks", type=int, default=20, help="walks for each diagram")
    parser.add_argument("--inflated", type=int, default=3, help="inflated unknots of each kind")
    parser.add_argument("--gordian", action="store_true", help="Haken's Gordian, too, by one walk and without regina")
    arguments = parser.parse_args()
    print("| diagram | crossings | fewest moves | median | fewest crossings on the way | ms | check, ms | regina |")
    print("|---|---|---|---|---|---|---|---|")
    *small, gordian = hard_unknots()
    for unknot in small:
        row(unknot.name, unknot.diagram, arguments.walks, arguments.peers)
    for name, make in MAKERS.items():
        for seed in range(arguments.inflated):
            diagram = make(Random(seed).randint(18, 200), Random(seed))
            row(name, diagram, arguments.walks, arguments.peers if len(diagram) < 100 else None)
    if arguments.gordian:
        row(gordian.name, gordian.diagram, 1, None)


if __name__ == "__main__":
    main()

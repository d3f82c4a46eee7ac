"""Unknots untied by regina, spherogram and GridPyM. Reads JSON from standard input: [{"pd", "grid"}, ...].

Answers with {peer: [[seconds, solved], ...]}. Peers that are not installed are left out. A grid is the list of the
rows of X and the list of the rows of O, by column. The second of two runs is timed; two that take more than `LIMIT`
seconds together are given up.
"""

import json
import os
import signal
import sys
import time

LIMIT = 10


def timed(run, knot):
    """In a process of its own, as code in C++ cannot be interrupted."""
    answers, answer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LIMIT)
        run(knot)
        start = time.process_time()
        solved = bool(run(knot))
        os.write(answer, json.dumps([time.process_time() - start, solved]).encode())
        os._exit(0)
    os.close(answer)
    os.waitpid(child, 0)
    with os.fdopen(answers) as found:
        return json.loads(found.read() or json.dumps([LIMIT, False]))


def regina_simplify(knot):
    import regina

    link = regina.Link.fromPD(knot["pd"])
    link.simplify()
    return link.size() == 0


def regina_solid_torus(knot):
    import regina

    link = regina.Link.fromPD(knot["pd"])
    link.simplify()
    return link.complement().isSolidTorus()


def spherogram_global(knot):
    import spherogram

    link = spherogram.Link([list(row) for row in knot["pd"]])
    link.simplify("global")
    return not link.crossings


def gridpym_high(knot):
    from GridPythonModule.GridPyM import simplify_grid

    # It stops at three.
    return len(simplify_grid(knot["grid"], effort="high")[0]) <= 3


PEERS = {
    "regina, Link.simplify": ("regina", regina_simplify),
    "regina, isSolidTorus (no moves)": ("regina", regina_solid_torus),
    "spherogram, simplify('global')": ("spherogram", spherogram_global),
    "GridPyM, simplify_grid (high)": ("GridPythonModule", gridpym_high),
}


def main():
    knots = json.load(sys.stdin)
    found = {}
    out, sys.stdout = sys.stdout, sys.stderr
    for name, (package, run) in PEERS.items():
        try:
            __import__(package)
        except ImportError:
            continue
        found[name] = [timed(run, knot) for knot in knots]
    json.dump(found, out)


if __name__ == "__main__":
    main()

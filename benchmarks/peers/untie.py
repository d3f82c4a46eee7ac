"""Unknots untied by regina, spherogram and GridPyM. Reads JSON from standard input: [{"pd", "grid"}, ...].

Answers with {peer: [[seconds, solved], ...]}. Peers that are not installed are left out. A grid is the list of the
rows of X and the list of the rows of O, by column.
"""

import json
import sys
import time


def timed(run, *given):
    start = time.process_time()
    solved = bool(run(*given))
    return [time.process_time() - start, solved]


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
        timed(run, knots[0])
        found[name] = [timed(run, knot) for knot in knots]
    json.dump(found, out)


if __name__ == "__main__":
    main()

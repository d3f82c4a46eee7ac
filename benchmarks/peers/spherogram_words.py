"""Closed braids simplified by spherogram. Reads JSON from standard input: [[letters], ...].

Answers with {mode: [share that has no crossings left, seconds of processor time for each]}.
"""

import json
import random
import sys
import time

import spherogram


def main():
    words = json.load(sys.stdin)
    random.seed(0)
    found = {}
    for mode in ("basic", "level", "global"):
        solved, start = 0, time.process_time()
        for word in words:
            link = spherogram.Link(braid_closure=word)
            link.simplify(mode)
            solved += not link.crossings
        found[mode] = [solved / len(words), (time.process_time() - start) / len(words)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()

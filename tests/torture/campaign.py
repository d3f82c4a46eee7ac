"""`netphysics run tiny` in a process of its own, which tests kill: `python campaign.py OPTION...`."""

import sys

import tiny

from netphysics.cli import main
from netphysics.lab import catalog

if __name__ == "__main__":
    catalog.load = lambda name: tiny.study
    print("begun", flush=True)
    sys.exit(main(["run", "tiny", *sys.argv[1:]]))

"""The tiny study in a process of its own, which tests kill: `python campaign.py FOLDER EXECUTOR PAUSE`."""

import sys
from pathlib import Path

import tiny

from netphysics.api import run_and_report
from netphysics.blocks import Dask, Processes, Threads

EXECUTORS = {"threads": Threads(2), "processes": Processes(2), "dask": Dask("local")}

if __name__ == "__main__":
    folder, executor, pause = sys.argv[1:]
    print("begun", flush=True)
    run_and_report(tiny.study, tiny.Config(pause=float(pause)), Path(folder), EXECUTORS[executor])
    print("done", flush=True)

"""The peer: massless events by the package phasespace (TensorFlow), asked line by line.

Each line of stdin is {"bodies": n, "events": N}; the answer is the number of events that were drawn.
"""

import json
import os
import sys

os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import phasespace

for line in sys.stdin:
    case = json.loads(line)
    decay = phasespace.nbody_decay(1.0, [0.0] * case["bodies"])
    done = 0
    while done < case["events"]:
        weights, particles = decay.generate(n_events=50_000)
        done += len(weights.numpy())
    print(done, flush=True)

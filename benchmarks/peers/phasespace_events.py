"""The peer: massless events by the package phasespace (TensorFlow), asked line by line.

Each line of stdin is {"bodies": n, "events": N}; the answer is events per second of processor time.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import phasespace

for line in sys.stdin:
    case = json.loads(line)
    decay = phasespace.nbody_decay(1.0, [0.0] * case["bodies"])
    done, start = 0, time.process_time()
    while done < case["events"]:
        weights, particles = decay.generate(n_events=50_000)
        done += len(weights.numpy())
    print(done / (time.process_time() - start), flush=True)

"""Training an agent that unknots: ours, compiled, beside TRPO of sb3-contrib on the environment for gymnasium.

python benchmarks/unknotting.py [--peer PYTHON] [--letters N] [--rounds R]

PYTHON is an interpreter that has netphysics, gymnasium and sb3-contrib; it runs as a second process. The two take
turns, each on one core, on the same words, with networks of two hidden layers of 64 units and as many moves between
two improvements. Seconds are of the processor, without compilation on either side.
"""

import argparse
import json
import statistics
import subprocess
import time
from pathlib import Path

import jax
import numpy as np

from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.unknotting import Actions, Environment, TrustRegion, make_learning, play, uniform_walker

PEER = Path(__file__).parent / "peers" / "sb3_unknotting.py"
GAMES, IMPROVEMENTS, PEER_IMPROVEMENTS = 32, 40, 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", metavar="PYTHON", help="an interpreter that has sb3-contrib")
    parser.add_argument("--letters", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    words = random_unknots(Prior(arguments.letters), np.arange(256, dtype=np.uint64)).letters
    environment, region = Environment(Actions(arguments.letters)), TrustRegion()
    parameters, keys = environment.parameters(words), jax.random.split(jax.random.key(0), 1)
    learn = make_learning(region, environment, improvements=IMPROVEMENTS, games=GAMES, chunk=IMPROVEMENTS)
    learn(keys, parameters)
    moves = region.moves * GAMES
    play(uniform_walker, environment, words, key=keys[0])
    found = {"ours": [], "our environment alone": []}
    for _ in range(arguments.rounds):
        start = time.process_time()
        learn(keys, parameters)
        found["ours"].append(IMPROVEMENTS * moves / (time.process_time() - start))
        start = time.process_time()
        made = play(uniform_walker, environment, words, key=keys[0]).moves.sum()
        found["our environment alone"].append(made / (time.process_time() - start))
        if arguments.peer:
            question = {
                "words": words.tolist(),
                "moves": region.moves,
                "thinning": region.thinning,
                "games": GAMES,
                "improvements": PEER_IMPROVEMENTS,
            }
            done = subprocess.run([arguments.peer, PEER], input=json.dumps(question), text=True, stdout=-1, check=True)
            for name, rate in json.loads(done.stdout).items():
                found.setdefault(name, []).append(rate)
    print("| moves per second of one core | median | ours / this |\n|---|---|---|")
    ours = statistics.median(found["ours"])
    for name, rates in found.items():
        rate = statistics.median(rates)
        print(f"| {name} | {rate:.3g} | {ours / rate:.3g} |")


if __name__ == "__main__":
    main()

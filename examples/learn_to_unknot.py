import jax
import numpy as np

from netphysics.knots.braids import Braid, check
from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.unknotting import Actions, Environment, TrustRegion, make_learning, play, tree_search

words = random_unknots(Prior(letters=12), np.arange(300, dtype=np.uint64)).letters
environment = Environment(Actions(letters=12))
learn = make_learning(TrustRegion(moves=64), environment, improvements=30, games=32, width=32)
learned = learn(jax.random.split(jax.random.key(0), 2), environment.parameters(words[100:]))  # two agents, side by side
agent = learned.agent(0)

games = play(agent, environment, words[:100], key=jax.random.key(1))
print(games.solved.mean(), games.verify())  # the share that was untied; all of them replayed by an independent checker

found = tree_search(agent, environment.actions, Braid([1, -2, -1, -2, -2, 1, 1, 2]))
check(found.certificate)
print([environment.actions.name(action) for action in found.taken])

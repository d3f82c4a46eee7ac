"""TRPO of sb3-contrib on the environment for gymnasium. Reads JSON from standard input:

{"words": [[letters]], "moves": of each game between two improvements, "games": side by side, "improvements": how many,
"thinning": every so many moves count for the step of the policy}

It answers with the moves per second of the environment alone under random actions, of a training on words, and of one
that sees words as our agents do. With "seeds" it answers with {"moves": [[moves of a game in each improvement], ...]}
instead: a learning curve for each seed, of agents that see, do and are told what ours are that never conjugate.
"""

import json
import sys
import time

import gymnasium
import jax
import numpy as np
import torch
from sb3_contrib import TRPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

from netphysics.knots.unknotting.actions import FRONT
from netphysics.knots.unknotting.experience import UNIT
from netphysics.knots.unknotting.view import AMOUNTS, CLASSES, SIGHTS, view

NAME = "netphysics.knots.unknotting.gym:Unknot-v0"
IMPOSSIBLE = -1e9
SEEN = SIGHTS * CLASSES + AMOUNTS


class AsOurs(gymnasium.Wrapper):
    """Our view of a word, each class as a vector with a single one, and the mask of the actions at its front, which are
    all there are; rewards in our units."""

    def __init__(self, environment):
        super().__init__(environment)
        self.view = jax.jit(view)
        self.action_space = gymnasium.spaces.Discrete(len(FRONT))
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (SEEN + len(FRONT),), np.float32)

    def seen(self, word, info):
        classes, amounts = self.view(word)
        ones = np.eye(CLASSES)[np.asarray(classes)].ravel()
        return np.concatenate([ones, amounts, info.pop("action_mask")[: len(FRONT)]]).astype(np.float32)

    def reset(self, **options):
        word, info = self.env.reset(**options)
        return self.seen(word, info), info

    def step(self, action):
        word, reward, terminated, truncated, info = self.env.step(action)
        return self.seen(word, info), reward / float(UNIT), terminated, truncated, info


class WithoutMask(BaseFeaturesExtractor):
    """The view; the mask is put aside."""

    def __init__(self, space):
        super().__init__(space, SEEN)

    def forward(self, seen):
        self.mask = seen[:, SEEN:] > 0
        return seen[:, :SEEN]


class MaskedPolicy(ActorCriticPolicy):
    """What does nothing of its own is as good as impossible."""

    def _get_action_dist_from_latent(self, latent):
        scores = self.action_net(latent)
        possible = self.features_extractor.mask
        return self.action_dist.proba_distribution(torch.where(possible, scores, torch.full_like(scores, IMPOSSIBLE)))


class Moves(BaseCallback):
    """The moves of a game that ended, for each improvement."""

    def __init__(self):
        super().__init__()
        self.curve, self.ended = [], 0

    def _on_step(self):
        self.ended += int(self.locals["dones"].sum())
        return True

    def _on_rollout_end(self):
        self.curve.append(self.model.n_steps * self.model.n_envs / max(self.ended, 1))
        self.ended = 0


def make_agent(question, seed, as_ours):
    words = np.array(question["words"], np.int8)
    environment = make_vec_env(
        NAME,
        question["games"],
        seed=seed,
        env_kwargs={"letters": words.shape[1], "words": words},
        wrapper_class=AsOurs if as_ours else None,
    )
    # The numbers of our TrustRegion. Six passes over 4096 moves are its 24 batches; weights begin orthogonal in both.
    return TRPO(
        MaskedPolicy if as_ours else "MlpPolicy",
        environment,
        n_steps=question["moves"],
        batch_size=1024,
        n_critic_updates=6,
        gamma=0.99,
        gae_lambda=0.95,
        target_kl=0.02,
        cg_max_steps=10,
        cg_damping=0.01,
        line_search_shrinking_factor=0.7,
        sub_sampling_factor=question["thinning"],
        policy_kwargs={"net_arch": [64, 64], **({"features_extractor_class": WithoutMask} if as_ours else {})},
        seed=seed,
        device="cpu",
    )


def rates(question):
    words = np.array(question["words"], np.int8)
    environment, made = gymnasium.make(NAME, letters=words.shape[1], words=words), 2000
    environment.reset(seed=0)
    environment.action_space.seed(0)
    start = time.process_time()
    for _ in range(made):
        _, _, terminated, truncated, _ = environment.step(environment.action_space.sample())
        if terminated or truncated:
            environment.reset()
    found = {"the environment for gymnasium alone": made / (time.process_time() - start)}
    moves = question["moves"] * question["games"] * question["improvements"]
    for as_ours, name in ((False, "sb3-contrib"), (True, "sb3-contrib with our view of a word")):
        agent = make_agent(question, 0, as_ours)
        start = time.process_time()
        agent.learn(moves)
        found[name] = moves / (time.process_time() - start)
    return found


def curves(question):
    found = []
    for seed in question["seeds"]:
        moves = Moves()
        agent = make_agent(question, seed, as_ours=True)
        agent.learn(question["moves"] * question["games"] * question["improvements"], callback=moves)
        found.append(moves.curve)
    return {"moves": found}


def main():
    torch.set_num_threads(1)
    question = json.load(sys.stdin)
    json.dump(curves(question) if "seeds" in question else rates(question), sys.stdout)


if __name__ == "__main__":
    main()

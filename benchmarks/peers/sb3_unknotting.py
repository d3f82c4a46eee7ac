"""TRPO of sb3-contrib on the environment for gymnasium. Reads JSON from standard input:

{"words": [[letters]], "moves": between two improvements, "improvements": how many, "seen": bool, "seeds": [...]}

Without seeds it answers with the moves per second of trainings, on words and on our view of them, and of the
environment alone under random actions. With seeds it answers with the share of the games that were solved, of those
that ended in each improvement, for each seed: {"solved": [[...], ...]}; `seen` gives the agent our view of a word.
"""

import json
import sys
import time

import gymnasium
import numpy as np
import torch
from sb3_contrib import TRPO
from stable_baselines3.common.callbacks import BaseCallback

NAME = "netphysics.knots.unknotting.gym:Unknot-v0"


class Seen(gymnasium.ObservationWrapper):
    """The word as our agents see it."""

    def __init__(self, environment):
        super().__init__(environment)
        import jax

        from netphysics.knots.unknotting.view import SEEN, view

        self.view = jax.jit(view)
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (SEEN,), np.float32)

    def observation(self, observation):
        return np.asarray(self.view(observation))


class Solved(BaseCallback):
    """The share of games that end at the empty word, for each improvement."""

    def __init__(self):
        super().__init__()
        self.shares, self.ends = [], []

    def _on_step(self):
        for done, info in zip(self.locals["dones"], self.locals["infos"], strict=True):
            if done:
                self.ends.append(not info["TimeLimit.truncated"])
        return True

    def _on_rollout_end(self):
        self.shares.append(float(np.mean(self.ends)) if self.ends else 0.0)
        self.ends.clear()


def make_agent(question, seed):
    words = np.array(question["words"], np.int8)
    environment = gymnasium.make(NAME, letters=words.shape[1], words=words)
    if question.get("seen"):
        environment = Seen(environment)
    # The numbers of our TrustRegion.
    return TRPO(
        "MlpPolicy",
        environment,
        n_steps=question["moves"],
        batch_size=1024,
        gamma=0.99,
        gae_lambda=0.95,
        target_kl=0.02,
        cg_max_steps=10,
        cg_damping=0.01,
        sub_sampling_factor=4,
        policy_kwargs={"net_arch": [64, 64]},
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
    for seen, name in ((False, "sb3-contrib"), (True, "sb3-contrib with our view of a word")):
        agent = make_agent({**question, "seen": seen}, 0)
        start = time.process_time()
        agent.learn(question["moves"] * question["improvements"])
        found[name] = question["moves"] * question["improvements"] / (time.process_time() - start)
    return found


def curves(question):
    found = []
    for seed in question["seeds"]:
        solved = Solved()
        make_agent(question, seed).learn(question["moves"] * question["improvements"], callback=solved)
        found.append(solved.shares)
    return {"solved": found}


def main():
    torch.set_num_threads(1)
    question = json.load(sys.stdin)
    json.dump(curves(question) if "seeds" in question else rates(question), sys.stdout)


if __name__ == "__main__":
    main()

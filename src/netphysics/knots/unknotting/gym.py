"""The environment for gymnasium: the plain form of the same rules, with the certificate of every game.

Importing this module registers it; so does `gymnasium.make("netphysics.knots.unknotting.gym:Unknot-v0")`. It needs the
extra `netphysics[gym]`.
"""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from ..braids import Braid, Move, apply_all, certify
from ..priors import Prior, random_unknots
from .actions import LARGEST, Actions
from .environment import HORIZON


class UnknotEnvironment(gymnasium.Env):
    """Untying unknots, one game at a time.

    An observation is the word, zero-padded to 2N letters; the reward of a move is minus the letters it leaves.
    `info` holds `action_mask` (which actions do something of their own), and at the end of a game `certificate`,
    as `Certificate.to_json` writes it.

    Args:
        letters: N.
        extended: whether the extended set of actions is used.
        words: what games begin with, shape (words, letters); by default random unknots of N letters.
        horizon: moves after which a game is truncated.

    Raises:
        ValueError: for words with more than 2N letters.
    """

    metadata = {"render_modes": ["ansi"]}  # noqa: RUF012 - gymnasium reads it from the class

    def __init__(
        self,
        letters: int = 24,
        extended: bool = False,
        words: np.ndarray | None = None,
        horizon: int = HORIZON,
        render_mode: str | None = None,
    ):
        self.actions = Actions(letters, extended)
        if words is not None and np.shape(words)[1] > self.actions.room:
            raise ValueError(f"words has {np.shape(words)[1]} letters; there is room for {self.actions.room}")
        self.words, self.horizon, self.render_mode = words, horizon, render_mode
        self.observation_space = gymnasium.spaces.Box(-LARGEST, LARGEST, (self.actions.room,), np.int8)
        self.action_space = gymnasium.spaces.Discrete(len(self.actions))
        self.start = self.braid = Braid()
        self.made: list[Move] = []
        self.moves = 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """A new game; `options={"word": letters}` says with which word.

        Raises:
            ValueError: for a word that is too long, or closes to a link.
        """
        super().reset(seed=seed)
        if options and "word" in options:
            word = options["word"]
            if len(word) > self.actions.room:
                raise ValueError(f"word has {len(word)} letters; there is room for {self.actions.room}")
        elif self.words is not None:
            word = self.words[self.np_random.integers(len(self.words))]
        else:
            seeds = self.np_random.integers(2**63, size=1).astype(np.uint64)
            word = random_unknots(Prior(self.actions.letters), seeds).letters[0]
        self.start = self.braid = Braid([int(letter) for letter in word if letter]).require_knot()
        self.made, self.moves = [], 0
        return self.observation(), {"action_mask": self.action_masks().astype(np.int8)}

    def step(self, action: int | np.integer) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """One move: observation, reward, whether the word is empty, whether time is up, and `info`."""
        made = self.actions.moves(self.braid, int(action))
        self.braid = apply_all(self.braid, made)
        self.made += made
        self.moves += 1
        terminated = not self.braid.letters
        truncated = not terminated and self.moves >= self.horizon
        info: dict[str, Any] = {"action_mask": self.action_masks().astype(np.int8)}
        if terminated or truncated:
            info["certificate"] = certify(self.start, self.made).to_json()
        return self.observation(), float(-len(self.braid)), terminated, truncated, info

    def action_masks(self) -> np.ndarray:
        """Which actions do something of their own, as a method: sb3-contrib asks for it so."""
        return np.array(self.actions.possible(self.braid))

    def observation(self) -> np.ndarray:
        """The word, zero-padded."""
        word = np.zeros(self.actions.room, np.int8)
        word[: len(self.braid)] = self.braid.letters
        return word

    def render(self) -> str:
        """The word as text."""
        return str(self.braid)


gymnasium.register("Unknot-v0", f"{__name__}:{UnknotEnvironment.__name__}")

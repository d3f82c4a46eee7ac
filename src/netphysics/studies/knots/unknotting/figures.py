"""Pictures of agents that unknot: how many words they untie, and in how many moves, against the number of letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Estimate

from ..figures import share_curves
from .options import Config

# Words as the prior draws them, and the same ones written from a random letter on.
STARTS = ("as drawn", "rotated")


def solved_figure(config: Config, found: Mapping[str, Estimate], published: Estimate) -> Figure:
    """The share of words that each player unties."""
    lengths = np.array(config.letters)
    line = Curve(
        labels={"words": STARTS[0], "player": "published"},
        x=lengths,
        published=published.value,
        role="other",
        panel=STARTS[0],
        legend="published",
    )
    searched = search_curve(config, found["searched"])
    return curves(
        "solved",
        f"The share of unknots that is untied within 300 moves. Agents learned on words of {config.learned} letters "
        "only. Left, words as the prior draws them, with the share that is published for TRPO; right, the same words "
        "written from a random letter on. Every win was replayed move by move.",
        [line, *player_curves(config, found["solved"], shown(config)), searched],
        x="letters $N$",
        y="share untied",
        key="outside",
        share_y=True,
    )


def moves_figure(config: Config, found: Mapping[str, Estimate]) -> Figure:
    """The moves of the games that each agent wins."""
    agents = shown(config)[: len(config.algorithms)]
    return curves(
        "moves",
        "The moves of a game that was won by an agent, and those of a way out that the tree search found.",
        [*player_curves(config, found["moves"], agents), search_curve(config, found["search moves"])],
        x="letters $N$",
        y="moves",
        log="y",
        key="outside",
    )


def priors_figure(config: Config, found: Mapping[str, Estimate]) -> Figure:
    """The share of words of other priors."""
    players = {config.algorithms[0]: "knots", "weighted walker": "other"}
    lines = share_curves(config.stabilizations, found["priors"], players)
    text = (
        f"The share of unknots of {config.letters[1]} letters that is untied where the prior stabilizes more or less "
        "often than the one that agents learned from. Words are written from a random letter on."
    )
    return curves("priors", text, lines, x="probability of a stabilization", y="share untied")


def shown(config: Config) -> list[int]:
    """The players in the pictures: agents that draw their actions, and walkers."""
    agents = len(config.algorithms)
    return [*range(agents), *range(2 * agents, len(config.players))]


def player_curves(config: Config, values: Estimate, numbers: Sequence[int]) -> list[Curve]:
    """A curve for each of some players and both ways to write words; values have shape (letters, starts, players)."""
    roles = dict(zip(shown(config), ordered_roles(len(shown(config))), strict=True))
    return [
        Curve(
            labels={"words": start, "player": config.players[number]},
            x=np.array(config.letters),
            measured=values[:, place, number],
            role=roles[number],
            panel=start,
            legend=config.players[number],
        )
        for place, start in enumerate(STARTS)
        for number in numbers
    ]


def search_curve(config: Config, values: Estimate) -> Curve:
    """What the tree search does with words as the prior draws them."""
    return Curve(
        labels={"words": STARTS[0], "player": "tree search"},
        x=np.array(config.letters),
        measured=values,
        role="knots",
        panel=STARTS[0],
        legend="tree search",
    )

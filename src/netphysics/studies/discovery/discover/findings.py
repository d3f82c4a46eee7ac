"""Findings: what a sweep over a table found, or did not, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from netphysics.discovery.data.outliers import OUTLYING
from netphysics.discovery.data.row_errors import number_by_trainings, unseen_share
from netphysics.discovery.probe import LatentNumber
from netphysics.discovery.probe.number import NOT_NEEDED
from netphysics.stats import Estimate
from netphysics.tables import unknown_unit

from ..sweeps import in_words, trainings
from .options import Config
from .remarks import remarks

# A neuron that tells more than this, in nats, draws finer distinctions than one smooth variable needs.
SPACE_FILLING = 6.0
# A gain on held-out rows of so many standard errors is not by chance: once in a hundred tables without any.
NOT_BY_CHANCE = 2.3
# Errors that differ by less than this share are called the same.
SAME = 0.05
# Few answers with more than this share of the squared error decide what the error is.
MOSTLY = 0.5
# Columns that are told by name.
MOST_TOLD = 3


def number_of(config: Config, found: Mapping[str, Estimate]) -> LatentNumber:
    """How many latents the answers need, by all seeds together."""
    squares, products, rows = (found[name].value for name in ("squares", "products", "rows"))
    return number_by_trainings(config.latents, squares, products, rows, max(1, trainings(found)[1]))


def findings(config: Config, floors: Mapping[str, Estimate], found: Mapping[str, Estimate]) -> list[str]:
    """What a person should know before looking at any number of a run of `discover`, one or two sentences each.

    Args:
        config: its options.
        floors, found: what it predicted and measured.
    """
    error, ensemble, seeds = found["error"].value, found["ensemble"].value, max(1, trainings(found)[1])
    none = error[config.latents.index(0)]
    if not np.isfinite(ensemble):
        return ["No seed was trained to the end: nothing can be said."]
    others = {"a network without a bottleneck": floors["plain"].value[-1], "boosted trees": floors["trees"].value}
    name, attained = min(others.items(), key=lambda item: float(item[1]))
    sentences = []
    if found["found"].value <= 0.5:
        if attained > (1 - SAME) * none:
            sentences.append(
                f"Nothing found: with latents the error is {ensemble:.3g}, without {none:.3g}, and {name} reaches "
                f"{attained:.3g}; the observations do not help with the answers."
            )
        else:
            sentences.append(
                f"The bottleneck is closed: {name} reaches {attained:.3g} instead of {none:.3g}. A smaller --find-beta "
                "opens it."
            )
    else:
        number = number_of(config, found)
        reached = error[config.latents.index(number.number)]
        bring = "it brings" if number.number == 1 else "they bring"
        sentences.append(f"Found: {in_words(number)}; {bring} the error from {none:.3g} to {reached:.3g}.")
        unseen = unseen_share(found["squares"].value, found["rows"].value, seeds)
        if unseen > NOT_NEEDED:
            sentences.append(f"A further number that explains up to {unseen:.1%} of that would not show in these rows.")
        most = int(np.argmin(found["squares"].value))
        if error[most] < (1 - SAME) * reached:
            sentences.append(
                f"With {config.latents[most]} latents the error is {error[most]:.3g}; the others do not count, since "
                f"they add less than {NOT_NEEDED:.1%} of what latents explain, or what they add may be chance."
            )
        if seeds > 1:
            sentences.append(f"The mean of {seeds} networks, which is what `apply` answers, has {ensemble:.3g}.")
        if number.most == max(config.latents) and number.number == number.most:
            sentences.append("That is as many as were offered; more --latents may find more.")
        if ensemble > (1 + SAME) * attained:
            sentences.append(
                f"{name.capitalize()} reaches {attained:.3g}: more latents, more steps or a smaller --polish-beta may "
                "find more."
            )
        rows, share = found["far"].value
        if share > MOSTLY and not config.robust:
            sentences.append(
                f"{rows:.1%} of the held-out answers are more than {OUTLYING:g} robust standard errors off and make up "
                f"{share:.0%} of the squared error: --robust looks which are gross errors, and leaves them out."
            )
        sentences += remarks(config, floors, found)
    if "noise" in floors:
        sentences.append(f"The answers themselves have an error of {float(floors['noise'].value):.3g}.")
    if found["simple"].value < 1:
        sentences.append(
            f"In some seeds a neuron tells more than {SPACE_FILLING:g} nats: it may fold several numbers into one."
        )
    if found["finished"].value < 1:
        sentences.append(f"{1 - found['finished'].value:.0%} of the seeds diverged and are left out.")
    return sentences + about_the_table(config, floors)


def about_the_table(config: Config, floors: Mapping[str, Estimate]) -> list[str]:
    """How the table was read, and what was done to its rows and columns."""
    sentences = [f"The table was read with {config.reading}."] if config.reading else []
    if dropped := int(floors["dropped"].value):
        sentences.append(f"{dropped} rows lack a number and were left out.")
    if "outliers" in floors:
        sentences.append(about_outliers(config, floors))
    if unused := int(floors["unused"].value):
        sentences.append(f"Of the rows held out for testing a random part was used; {unused} were not.")
    inputs = list(dict.fromkeys((*config.observation, *config.question, *config.answer)))
    known = dict.fromkeys((*inputs, *config.candidates))
    if strange := [f"{unit} in {name}" for name in known if (unit := unknown_unit(name))]:
        sentences.append(
            f"What stands in brackets and is no unit is taken for a part of the name: {', '.join(strange)}."
        )
    for name, what in (("degrees", "taken as degrees"), ("gaps", "masked where numbers are missing")):
        if columns := [column for column, flag in zip(inputs, floors[name].value, strict=True) if flag]:
            others = len(columns) - MOST_TOLD
            named = ", ".join(columns[:MOST_TOLD]) + f" and {others} more" * (others > 0)
            sentences.append(f"Columns {what}: {named}.")
    return sentences


def about_outliers(config: Config, floors: Mapping[str, Estimate]) -> str:
    """What was taken for an outlier, and what errors mean then."""
    columns = list(dict.fromkeys((*config.observation, *config.question, *config.answer)))
    bounded = [name for name, low in zip(columns, floors["limit-low"].value, strict=True) if np.isfinite(low)]
    count = int(floors["outliers"].value)
    words = (
        f"{count} answers are outliers, more than {OUTLYING:g} robust standard errors from what a robust fit expects; "
        "all errors, those of baselines too, are root mean squares over the others."
    )
    return words + f" Columns shown within {OUTLYING:g} robust deviations: {', '.join(bounded)}." * bool(bounded)

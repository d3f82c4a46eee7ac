"""Remarks: what a sweep over a table found, or did not, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from netphysics.stats import Estimate

# Fewer per cent of the error than this is what chance and patience can do.
WORTH = 0.05
# A neuron that tells more than this, in nats, draws finer distinctions than one number of a physicist's.
SPACE_FILLING = 6.0


def remarks(config: Any, floors: Mapping[str, Estimate], found: Mapping[str, Estimate]) -> list[str]:
    """What a person should know before looking at any number of a run of `discover`, one or two sentences each.

    Args:
        config: its options.
        floors, found: what it predicted and measured.
    """
    error, plain = found["error"].value, floors["plain"].value
    none, best, attained = error[config.latents.index(0)], error.min(), plain[-1]
    if not np.isfinite(best):
        return ["No seed was trained to the end: nothing can be said."]
    said = []
    if best > (1 - WORTH) * none:
        if attained > (1 - WORTH) * none:
            said.append(
                f"Nothing found: with latents the error is {best:.3g}, without {none:.3g}, and a network without a "
                f"bottleneck has {attained:.3g}; the observations do not help with the answers."
            )
        else:
            gain = none**2 - attained**2
            said.append(
                f"The bottleneck is closed: a network without one has an error of {attained:.3g} instead of "
                f"{none:.3g}. It gains {gain:.2g} in variance, and each nat costs {config.find_beta:.2g}: a smaller "
                "--error or --find-beta opens it."
            )
    else:
        number = found["knee"].value
        said.append(f"Found: {number:.2g} latents bring the error from {none:.3g} to {best:.3g}.")
        if best > 1.5 * attained:
            said.append(
                f"A network without a bottleneck has {attained:.3g}: more latents, more steps or a smaller --error may "
                "find more."
            )
    if found["simple"].value < 1:
        said.append(
            f"In some seeds a neuron tells more than {SPACE_FILLING:g} nats: it may fold several numbers into one."
        )
    if found["finished"].value < 1:
        said.append(f"{1 - found['finished'].value:.0%} of the seeds diverged and are left out.")
    return said + about_the_table(config, floors)


def about_the_table(config: Any, floors: Mapping[str, Estimate]) -> list[str]:
    """What was done to the rows and columns of a table on the way."""
    said = [f"The table was read with {config.reading}."] if config.reading else []
    if dropped := int(floors["dropped"].value):
        said.append(f"{dropped} rows lack a number and were left out.")
    shown = list(dict.fromkeys((*config.observation, *config.question, *config.answer)))
    for name, what in (("degrees", "taken as degrees"), ("gaps", "masked where they lack numbers")):
        if columns := [column for column, flag in zip(shown, floors[name].value, strict=True) if flag]:
            said.append(f"Columns {what}: {', '.join(columns)}.")
    return said

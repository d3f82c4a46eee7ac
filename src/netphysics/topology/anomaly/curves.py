"""How well a score tells signal from background: ROC, the area under it, significance improvement, with errors."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from ...stats import Estimate


def area_under_curve(background: np.ndarray, signal: np.ndarray) -> Estimate:
    """The probability that a signal event has the higher score, ties counted half.

    Its error is that of DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837: from the spread, over events of
    either kind, of the share of the other kind that each beats.

    Args:
        background, signal: scores, high for what looks like signal; shapes (events,).

    Raises:
        ValueError: for fewer than 2 events of a kind, and scores that are not finite.
    """
    for name, scores in (("background", background), ("signal", signal)):
        if len(scores) < 2:
            raise ValueError(f"{name} has {len(scores)} events; an error bar takes at least 2")
        if not np.isfinite(scores).all():
            raise ValueError(f"{name} has scores that are not finite")
    b, s = len(background), len(signal)
    ranks = rankdata(np.concatenate([background, signal]))
    beaten = (ranks[b:] - rankdata(signal)) / b
    beating = 1 - (ranks[:b] - rankdata(background)) / s
    error = (beaten.var(ddof=1) / s + beating.var(ddof=1) / b) ** 0.5
    return Estimate(beaten.mean(), error, b + s)


def efficiencies(background: np.ndarray, signal: np.ndarray, signal_efficiency: np.ndarray) -> Estimate:
    """The share of background that passes where these shares of signal do, with its binomial error.

    The error counts one event more than pass, so that it is not zero where none does.
    """
    thresholds = np.quantile(signal, 1 - signal_efficiency)
    passing = len(background) - np.searchsorted(np.sort(background), thresholds, side="left")
    error = np.sqrt((passing + 1) * (1 - passing / (len(background) + 1))) / len(background)
    return Estimate(passing / len(background), error, len(background))


def significance_improvement(background: np.ndarray, signal: np.ndarray, signal_efficiency: np.ndarray) -> Estimate:
    r"""By what factor a cut raises the significance $S/\sqrt B$ of a small signal: $\epsilon_S / \sqrt{\epsilon_B}$.

    Where no background passes, one event is taken to.
    """
    share = efficiencies(background, signal, signal_efficiency)
    least = np.maximum(share.value, 1 / share.draws)
    return Estimate(signal_efficiency / least**0.5, 0.5 * signal_efficiency * share.error / least**1.5, share.draws)

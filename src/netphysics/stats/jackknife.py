r"""Error bars for any smooth function of means, from the blocks themselves.

Leave one block out and evaluate again. With G groups of $m_j$ out of n draws, $h_j = n/m_j$, $\hat\theta$
the value from all draws and $\theta_{-j}$ without group j, the pseudo-values
$\tau_j = h_j\hat\theta - (h_j - 1)\theta_{-j}$ give an estimate without the 1/n bias and its variance,

$\theta_J = G\hat\theta - \sum_j (1 - m_j/n)\,\theta_{-j}$,
$\quad \sigma^2 = \frac{1}{G}\sum_j \frac{(\tau_j - \theta_J)^2}{h_j - 1}$

(the delete-m_j jackknife of Busing, Meijer and van der Leeden, Stat. Comput. 9 (1999) 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from .estimate import Estimate, Numbers
from .tally import Tally, merge

FEWEST_BLOCKS = 4
# More groups than this would only repeat the same work: the error of the error is 1/sqrt(2 * 63) = 9 %.
MOST_GROUPS = 64
# Gaussian groups go beyond either bound a few times in a million (measured for 16, 32 and 64 groups). The
# skewness of G Gaussian numbers has standard deviation sqrt(6 / G).
LARGEST_SKEWNESS = 14.0  # over sqrt(G)
SMALLEST_EFFECTIVE_SHARE = 1 / 12


def jackknife(tallies: Sequence[Tally], function: Callable[[Tally], Mapping[str, Numbers]]) -> dict[str, Estimate]:
    r"""Estimates of every quantity that `function` computes from a merged tally.

    Blocks are gathered, in order, into at most 64 groups. The error is marked untrusted where the
    skewness of the groups' deviations d is beyond $14/\sqrt{G}$, or the effective number of groups behind the
    variance, $(\sum d^2)^2 / \sum d^4$, below a twelfth of them: then a few draws carry the estimate (a
    heavy tail), others like them have likely been missed, and no error bar from the same draws can be right.

    Args:
        tallies: one tally per block, in index order.
        function: smooth map from a merged tally to named arrays.

    Raises:
        ValueError: for fewer than four blocks.
    """
    if len(tallies) < FEWEST_BLOCKS:
        raise ValueError(f"{len(tallies)} blocks are too few for an error bar; at least {FEWEST_BLOCKS}")
    size = -(-len(tallies) // MOST_GROUPS)
    groups = [merge(tallies[i : i + size]) for i in range(0, len(tallies), size)]
    total = merge(groups)
    ratio = total.count / np.array([group.count for group in groups])
    without = [function(total - group) for group in groups]
    return {
        name: _estimate(np.asarray(value, np.float64), np.stack([each[name] for each in without]), ratio, total.count)
        for name, value in function(total).items()
    }


def _estimate(value: np.ndarray, left_out: np.ndarray, ratio: np.ndarray, count: int) -> Estimate:
    groups = len(left_out)
    ratio = ratio.reshape((groups,) + (1,) * value.ndim)
    center = groups * value - ((1 - 1 / ratio) * left_out).sum(axis=0)
    deviations = (ratio * value - (ratio - 1) * left_out - center) / np.sqrt(ratio - 1)
    variance = (deviations**2).mean(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        skewness = np.where(variance > 0, (deviations**3).mean(axis=0) / variance**1.5, 0.0)
        share = np.where(variance > 0, variance**2 / (deviations**4).mean(axis=0), 1.0)
    # Few groups cannot be more skewed than one against all others.
    largest = min(LARGEST_SKEWNESS / np.sqrt(groups), 0.95 * (groups - 2) / np.sqrt(groups - 1))
    return Estimate(
        value=center,
        error=np.sqrt(variance),
        draws=count,
        dof=float(groups - 1),
        trusted=(np.abs(skewness) <= largest) & (share >= SMALLEST_EFFECTIVE_SHARE),
    )

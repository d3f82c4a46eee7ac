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
# Below this many effective groups one or two carry the variance, and its estimate means nothing.
FEWEST_EFFECTIVE = 5.0


def jackknife(tallies: Sequence[Tally], function: Callable[[Tally], Mapping[str, Numbers]]) -> dict[str, Estimate]:
    r"""Estimates of every quantity that `function` computes from a merged tally.

    Blocks are gathered, in order, into at most 64 groups. The error is marked untrusted where the
    effective number of groups behind the variance, $(\sum_j d_j^2)^2 / \sum_j d_j^4$ with $d_j$ the
    deviations, is below 5. For G groups of Gaussian draws it is near G/3; when single draws dominate
    (heavy tails) it falls towards 1, and no error bar computed from the same draws can be right.

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
    deviations = (ratio * value - (ratio - 1) * left_out - center) ** 2 / (ratio - 1)
    spread = deviations.sum(axis=0)
    with np.errstate(invalid="ignore"):
        effective = np.where(spread > 0, spread**2 / (deviations**2).sum(axis=0), groups)
    return Estimate(
        value=center,
        error=np.sqrt(spread / groups),
        draws=count,
        dof=float(groups - 1),
        trusted=effective >= min(FEWEST_EFFECTIVE, groups / 6),
    )

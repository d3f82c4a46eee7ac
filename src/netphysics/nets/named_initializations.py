"""Initializations by the names that PyTorch and JAX give them: (C_W, C_b) of a layer, and back.

A name stands for a law of the entries and their variance in a layer of fan-in n and fan-out m. In units of 1/n that
variance is C_W: what a `Net` is described by. Where it depends on m, a `Net` takes it at layers of one width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import numpy as np
from jaxtyping import Float

from netphysics.nets.net import Ensemble

# Matrices with fewer entries do not tell how they were drawn.
FEWEST_ENTRIES = 256
# Standard errors by which a variance may miss that of its name.
SURE = 4.0


@dataclass(frozen=True)
class NamedInitialization:
    """One initialization.

    Attributes:
        name: ours, with hyphens.
        others: what else it is called.
        law: of the entries; JAX cuts the tails off some of the normal ones.
        weight_variance: C_W by (n, m).
        bias_variance: C_b by n.
        torch: the line that draws weights `w` (and biases `b`) so, after `import torch`.
        jax: the initializer.
    """

    name: str
    others: tuple[str, ...]
    law: Ensemble
    weight_variance: Callable[[int, int], float]
    torch: str
    jax: str
    bias_variance: Callable[[int], float] = lambda n: 0.0


def fixed(value: float) -> Callable[[int, int], float]:
    """C_W that does not depend on the shape."""
    return lambda n, m: value


def xavier(n: int, m: int) -> float:
    """C_W of Glorot and Bengio's law: variance 2 / (n + m)."""
    return 2 * n / (n + m)


INITIALIZATIONS = (
    NamedInitialization(
        "pytorch-default",
        ("torch-default", "default", "pytorch", "equinox-default"),
        "uniform",
        fixed(1 / 3),
        "torch.nn.init.kaiming_uniform_(w, a=5**0.5); torch.nn.init.uniform_(b, -len(w[0])**-0.5, len(w[0])**-0.5)",
        "jax.nn.initializers.variance_scaling(1 / 3, 'fan_in', 'uniform')",
        lambda n: 1 / (3 * n),
    ),
    NamedInitialization(
        "kaiming-normal",
        ("he-normal", "kaiming", "he"),
        "gaussian",
        fixed(2.0),
        "torch.nn.init.kaiming_normal_(w, nonlinearity='relu')",
        "jax.nn.initializers.variance_scaling(2, 'fan_in', 'normal')",
    ),
    NamedInitialization(
        "kaiming-uniform",
        ("he-uniform",),
        "uniform",
        fixed(2.0),
        "torch.nn.init.kaiming_uniform_(w, nonlinearity='relu')",
        "jax.nn.initializers.he_uniform()",
    ),
    NamedInitialization(
        "kaiming-normal-fan-out",
        ("he-normal-fan-out",),
        "gaussian",
        lambda n, m: 2 * n / m,
        "torch.nn.init.kaiming_normal_(w, mode='fan_out', nonlinearity='relu')",
        "jax.nn.initializers.variance_scaling(2, 'fan_out', 'normal')",
    ),
    NamedInitialization(
        "lecun-normal",
        ("lecun", "flax-default"),
        "gaussian",
        fixed(1.0),
        "torch.nn.init.kaiming_normal_(w, nonlinearity='linear')",
        "jax.nn.initializers.lecun_normal()",
    ),
    NamedInitialization(
        "lecun-uniform",
        (),
        "uniform",
        fixed(1.0),
        "torch.nn.init.kaiming_uniform_(w, nonlinearity='linear')",
        "jax.nn.initializers.lecun_uniform()",
    ),
    NamedInitialization(
        "xavier-normal",
        ("glorot-normal", "xavier", "glorot"),
        "gaussian",
        xavier,
        "torch.nn.init.xavier_normal_(w)",
        "jax.nn.initializers.variance_scaling(1, 'fan_avg', 'normal')",
    ),
    NamedInitialization(
        "xavier-uniform",
        ("glorot-uniform",),
        "uniform",
        xavier,
        "torch.nn.init.xavier_uniform_(w)",
        "jax.nn.initializers.glorot_uniform()",
    ),
    NamedInitialization(
        "orthogonal",
        ("orthogonal-gain-1",),
        "orthogonal",
        lambda n, m: n / max(n, m),
        "torch.nn.init.orthogonal_(w)",
        "jax.nn.initializers.orthogonal()",
    ),
    NamedInitialization(
        "normal-0.02",
        ("trunc-normal", "truncated-normal", "gpt", "bert"),
        "gaussian",
        lambda n, m: 0.02**2 * n,
        "torch.nn.init.trunc_normal_(w, std=0.02)",
        "jax.nn.initializers.normal(0.02)",
    ),
)


def named_initialization(name: str) -> NamedInitialization:
    """The initialization of that name, in PyTorch's or JAX's spelling: `kaiming_normal_`, `he_normal`, `He-Normal`.

    Raises:
        ValueError: for a name that does not exist.
    """
    wanted = name.lower().strip("_").replace("_", "-")
    names = {each: found for found in INITIALIZATIONS for each in (found.name, *found.others)}
    if wanted not in names:
        nearest = get_close_matches(wanted, names, n=1, cutoff=0.0)[0]
        every = ", ".join(found.name for found in INITIALIZATIONS)
        raise ValueError(f"initialization is {name!r}; did you mean {nearest!r}? All: {every}")
    return names[wanted]


def how_drawn(matrices: Sequence[Float[np.ndarray, "_ _"]], framework: Literal["torch", "jax"] = "torch") -> str | None:
    """How matrices, rows by outputs, look to have been drawn, in words; None where none is large enough to tell.

    A name that explains all of them within their standard errors, with the framework's line for it, or else the laws
    and gains that are seen.
    """
    seen = [w for w in matrices if w.size >= FEWEST_ENTRIES and w.any() and np.isfinite(w).all()]
    if not seen:
        return None
    for named in INITIALIZATIONS:
        if all(explains(named, matrix) for matrix in seen):
            line = named.torch.partition(";")[0] if framework == "torch" else named.jax
            return f"{named.name} ({line})"
    laws = {law_of(matrix) for matrix in seen}
    gains = [math.sqrt(matrix.shape[1] * float(np.mean(matrix**2))) for matrix in seen]
    span = f"{min(gains):.2g}" if max(gains) < 1.1 * min(gains) else f"{min(gains):.2g} to {max(gains):.2g}"
    return f"{' and '.join(sorted(laws))} of gain {span}"


def explains(named: NamedInitialization, matrix: Float[np.ndarray, "m n"]) -> bool:
    """Whether a matrix could have been drawn so."""
    m, n = matrix.shape
    variance, expected = float(np.mean(matrix**2)), named.weight_variance(n, m) / n
    if law_of(matrix) != named.law:
        return False
    if named.law == "orthogonal":
        return math.isclose(variance, expected, rel_tol=1e-3)
    kurtosis = float(np.mean(matrix**4)) / variance**2
    return abs(variance / expected - 1) < SURE * math.sqrt((kurtosis - 1) / matrix.size)


def law_of(matrix: Float[np.ndarray, "m n"]) -> Ensemble:
    """Uniform entries have kurtosis 9/5 and end at √3 deviations; rows or columns of orthogonal ones, whichever are
    fewer, are orthogonal and of one length; all else counts as normal."""
    gram = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    size = float(np.mean(np.diag(gram)))
    if len(gram) > 1 and np.allclose(gram, size * np.eye(len(gram)), atol=1e-3 * size):
        return "orthogonal"
    square = matrix**2
    uniform = np.max(square) <= 3.3 * np.mean(square) and np.mean(square**2) < 2.1 * np.mean(square) ** 2
    return "uniform" if uniform else "gaussian"


def named_law(name: str, widths: Sequence[int]) -> tuple[Ensemble, float, float]:
    """Law, C_W and C_b of a `Net` of these widths. Uniform entries are taken as normal ones of their variance, whose
    theory is the same at infinite width; what depends on fan-in and fan-out is taken between the hidden layers.

    Raises:
        ValueError: for a name that does not exist.
    """
    named, hidden = named_initialization(name), sorted(widths[1:-1]) or [widths[0]]
    width = hidden[len(hidden) // 2]
    law: Ensemble = "orthogonal" if named.law == "orthogonal" else "gaussian"
    return law, named.weight_variance(width, width), named.bias_variance(width)

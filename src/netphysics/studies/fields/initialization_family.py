r"""Which law of the weights keeps the noise of a deep network small?

Orthogonal and Gaussian weights are two points of a family: matrices $U\,\mathrm{diag}(s)\,V^T$ with uniformly
random U and V, of which theory at first order in 1/width needs one number, the spread of the squared singular
values $\kappa = \langle s^4\rangle/\langle s^2\rangle^2 - 1$. Here the family is followed from $\kappa = 0$ to beyond
the Gaussian $\kappa = 1$, and other laws are asked whether they know more than their $\kappa$: weights that are
$\pm$ a constant, signed permutations, sparse products of rotations, and products of few reflections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from netphysics.blocks import Cell
from netphysics.fields.depth import finite_width_flow, pair_statistics, pair_sums
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import GivensProduct, HouseholderProduct, LearningRates, Net, Spectrum
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, concatenate

from .critical_nets import Name, critical_variances, extrapolated
from .symbols import symbols

Independent = Literal["gaussian", "rademacher", "uniform"]
QUANTITIES = ("four_point", "F", "B")
LABELS = {"four_point": "$V/K^2$", "F": r"$F/(K \Theta)$", "B": r"$B/\Theta^2$"}
UNMIXED = "a neuron hears few others: signals are not mixed enough between layers"
THEORY = "fourth moments of the Haar measure; arXiv:2106.10165, chapters 4 and 8, for Gaussian weights"


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the initialization family."""

    activation: Name = "tanh"
    """Activation, at its critical weight and bias variance."""
    widths: tuple[int, int] = option((32, 64), least=8, rising=True)
    """Two widths n of the layers, the smaller first: leading order is what both extrapolate to."""
    depth: int = option(8, least=2)
    """Number of layers."""
    kappas: tuple[float, ...] = option((0.0, 0.5, 1.0, 2.0), least=0, distinct=True)
    """Spreads κ of the squared singular values of rotation-invariant weights."""
    independent: tuple[Independent, ...] = ("gaussian", "rademacher")
    """Laws of independent entries."""
    rounds: tuple[int, ...] = option((0, 1, 4), least=0, entries=0, distinct=True)
    """Rounds of random plane rotations; 0 is a signed permutation."""
    reflectors: tuple[int, ...] = option((1, 4), least=1, entries=0, distinct=True)
    """Numbers of random reflections."""
    draws: int = budget(2048)
    """Networks for each law and width; rounded up to whole blocks."""
    block_size: int = 64
    """Networks per block."""

    presets: ClassVar = {
        "quick": {
            "widths": (16, 32),
            "depth": 5,
            "kappas": (0.0, 2.0),
            "independent": (),
            "rounds": (0,),
            "reflectors": (),
        },
        "paper": {"widths": (64, 128), "kappas": (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0), "draws": 16_384},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for law in laws(self):
            Net((self.widths[0],) * 2, self.activation, law.weights)


@dataclass(frozen=True)
class Law:
    """One law of the weights: its name, what draws it, and the κ that ought to be all that matters."""

    name: str
    weights: Independent | Spectrum | GivensProduct | HouseholderProduct
    kappa: float


def laws(config: Config) -> list[Law]:
    return [
        *(Law(f"kappa-{kappa:g}", Spectrum(kappa), kappa) for kappa in config.kappas),
        *(Law(name, name, 1.0) for name in config.independent),
        *(
            Law(f"rotations-{rounds}" if rounds else "signed-permutations", GivensProduct(rounds), 0.0)
            for rounds in config.rounds
        ),
        *(Law(f"reflections-{count}", HouseholderProduct(count), 0.0) for count in config.reflectors),
    ]


def solved(law: Law) -> bool:
    """Whether κ is all that counts by theory: for rotation-invariant laws, and where all entries are independent."""
    return isinstance(law.weights, str | Spectrum)


def network(config: Config, law: Law, width: int) -> tuple[Net, float, LearningRates]:
    """A critical net of one width, the mean square of its input, and learning rates: of weights only."""
    weight, bias, kernel = critical_variances(config.activation)
    net = Net((width,) * (config.depth + 1), config.activation, law.weights, weight, bias)
    return net, (kernel - bias) / weight, LearningRates(0.0, weight)


def cells(config: Config) -> list[Cell]:
    return grid("{law.name}-{width}", law=laws(config), width=config.widths)


def leading(config: Config, kappa: float) -> dict[str, np.ndarray]:
    """The tensors of all layers at leading order, in units of K and Θ, each of shape (layers,)."""
    flow = finite_width_flow(*network(config, Law("", Spectrum(kappa), kappa), config.widths[1]))
    kernel, theta = flow.kernel, flow.tangent_kernel
    return {
        "four_point": flow.four_point / kernel**2,
        "F": flow.F / (kernel * theta),
        "B": flow.B / theta**2,
    }


def predict(config: Config) -> Results:
    found = {}
    layers = np.arange(1, config.depth + 1)
    for law in laws(config):
        expected = leading(config, law.kappa)
        # What extrapolation from two widths leaves is of second order.
        order = (expected["four_point"] ** 2 + layers**2) / (6 * config.widths[0] * config.widths[1])
        size = sum(np.abs(values) for values in expected.values())
        found[law.name] = {key: Estimate(values, size * order, 0) for key, values in expected.items()}
    return found


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"layer": range(1, config.depth + 1)} for name in QUANTITIES}


def measure(config: Config, cell: Cell) -> Experiment:
    return pair_sums(*network(config, cell["law"], cell["width"]))


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    net, _, _ = network(config, cell["law"], cell["width"])
    found = pair_statistics(net, tally)
    return {key: found[key] for key in QUANTITIES}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for law in laws(config):
        expected = concatenate([predicted[law.name][key][1:] for key in QUANTITIES])
        observed = concatenate([extrapolated(config.widths, measured, law.name, key)[1:] for key in QUANTITIES])
        statement = f"{law.name}: V, F and B follow from κ = {law.kappa:g} alone, at every layer"
        if solved(law):
            yield Claim(law.name, statement, expected, observed, "theory", THEORY)
        else:
            yield Claim(law.name, statement, expected, observed, "conjecture", "this study", reason=UNMIXED)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    kappas = np.linspace(0, max(*config.kappas, 1.0), 41)
    family = [leading(config, float(kappa)) for kappa in kappas]
    lines = []
    for quantity in ("four_point", "B"):
        line = np.array([each[quantity][-1] for each in family])
        labels = {"law": "rotation-invariant", "quantity": quantity}
        lines.append(Curve(labels=labels, x=kappas, theory=line, role="other", panel=quantity))
        for law in laws(config):
            role = "gaussian" if law.name == "gaussian" else "orthogonal" if law.kappa == 0 else "other"
            lines.append(
                Curve(
                    labels={"law": law.name, "quantity": quantity},
                    x=[law.kappa],
                    theory=predicted[law.name][quantity].value[-1:],
                    measured=extrapolated(config.widths, measured, law.name, quantity)[-1:],
                    role=role,
                    panel=quantity,
                    end="" if solved(law) else law.name.replace("-", " "),
                )
            )
    caption = (
        f"One number of the weights' law decides how noisy layer {config.depth} is. The line is theory for rotation-"
        "invariant weights; points on it know nothing beyond their spread of singular values. Sparse orthogonal "
        "matrices, named, come down to it as they mix more."
    )
    labels = {quantity: LABELS[quantity] for quantity in ("four_point", "B")}
    yield curves("family", caption, lines, x=r"spread of singular values $\kappa$", y=labels)


study = Study.from_module(
    __name__,
    question="Which law of the weights keeps the noise of a deep network small?",
    headline="B",
    equations=(
        Equation(
            r"W = \sqrt{C_W} U \mathrm{diag}(s) V^T, \quad \langle s^2 \rangle = 1, \quad"
            r" \kappa = \langle s^4 \rangle - 1",
            "the family: U and V are uniformly random rotations",
            (
                *symbols("C_W"),
                ("W", "matrix of weights"),
                ("U, V^T", "uniformly random rotations"),
                ("s", "singular values"),
                (r"\kappa", "spread of their squares: 0 orthogonal, 1 Gaussian"),
            ),
        ),
        Equation(
            r"V' = \chi_\parallel^2 V + C_W^2 (\langle\sigma^4\rangle - \langle\sigma^2\rangle^2) - 2(1-\kappa) K'^2",
            "what it changes of the 4-point function; F and B lose a term with the same factor",
            symbols("V", r"\chi_\parallel", r"\sigma", "K"),
        ),
    ),
    cites=("Day2023", "Roberts2022"),
)

r"""The Feynman diagrams of a network with one hidden layer, drawn, counted and evaluated.

Halverson, Maiti and Stoner (2008.08601) model a network of finite width by the action S_GP + INT lambda f^4
+ INT kappa f^6 and write down its 2-, 4- and 6-point functions to first order. Here no diagram and no factor
is typed in: Wick contractions are enumerated and counted by a program, for the paper's orders and for the
4-point function at order lambda^2, and evaluated at the paper's inputs.

Two of the paper's rules throw diagrams away. Vacuum bubbles (rule 7) cancel against the normalization.
Corrections to the 2-point function (rule 4.5) are dropped when the kernel is taken to be the exact 2-point
function, as it is for these networks at every width. Both are options; what is dropped is shown pale.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar, Literal

import numpy as np
from scipy.integrate import quad

from netphysics.fields.interactions import Diagram, Vertex, contract, draw, evaluate, expression
from netphysics.fields.kernels import propagator
from netphysics.lab import Equation, Results, Study, StudyConfig, option
from netphysics.nets import Net
from netphysics.report import Drawing, Figure, Table
from netphysics.stats import Claim, Estimate
from netphysics.stats.claim import Origin

from .published import BIAS_STD, PAPER, PAPER_POINTS
from .symbols import symbols

QUARTIC, SEXTIC = Vertex(r"\lambda", (4,)), Vertex(r"\kappa", (6,))


@dataclass(frozen=True)
class Family:
    """All diagrams of an n-point function with given vertices."""

    name: str
    points: int
    vertices: tuple[Vertex, ...]

    @functools.cached_property
    def diagrams(self) -> tuple[Diagram, ...]:
        return contract(self.points, self.vertices)

    @property
    def order(self) -> str:
        couplings = [vertex.coupling for vertex in self.vertices]
        return couplings[0] if len(couplings) == 1 else rf"{couplings[0]}^{len(couplings)}"

    @property
    def pairings(self) -> int:
        """(2m-1)!! ways to pair up 2m legs."""
        legs = self.points + sum(sum(vertex.legs) for vertex in self.vertices)
        return prod(range(legs - 1, 0, -2))


FAMILIES = {
    family.name: family
    for family in (
        Family("two-quartic", 2, (QUARTIC,)),
        Family("two-sextic", 2, (SEXTIC,)),
        Family("four-quartic", 4, (QUARTIC,)),
        Family("four-sextic", 4, (SEXTIC,)),
        Family("six-quartic", 6, (QUARTIC,)),
        Family("six-sextic", 6, (SEXTIC,)),
        Family("four-second", 4, (QUARTIC, QUARTIC)),
    )
}
GALLERY = (
    ("four-points", "4-point function at first order", ("four-quartic", "four-sextic")),
    ("two-points", "2-point function at first order", ("two-quartic", "two-sextic")),
    ("six-points", "6-point function at first order", ("six-quartic", "six-sextic")),
    ("second-order", "4-point function at second order", ("four-second",)),
)
# What the paper prints: number of contractions of each diagram without a vacuum bubble, and its equation.
PUBLISHED = {
    "two-quartic": ((12,), "(3.17)"),
    "two-sextic": ((90,), "(3.17)"),
    "four-quartic": ((24, 72), "(3.18)"),
    "four-sextic": ((360, 540), "(3.18)"),
    "six-quartic": ((360, 540), "(3.19)"),
    "six-sextic": ((720, 5400, 4050), "(3.19)"),
}


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the Feynman rules."""

    activation: Literal["erf", "gauss", "relu"] = "erf"
    """Network whose kernel is the propagator."""
    weight_std: float = option(1.0, least=0)
    """sigma_W of both layers."""
    bias_std: float | None = option(None, least=0)
    """sigma_b of both layers; left out: 1 for erf, 0.3 for gauss, 0 for relu."""
    box: float = option(100.0, above=0)
    """Cutoff: internal points are integrated from -box to box."""
    vacuum_bubbles: bool = False
    """Keep diagrams with vacuum bubbles, against rule 7."""
    propagator_corrections: bool = False
    """Keep corrections to the 2-point function, against rule 4.5: for a kernel that is not the exact one."""
    output_bias: bool = False
    """Leave the output bias in the propagators of integrals, as the first version of the paper did. That
    bias is exactly Gaussian and part of no interaction."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {}, "paper": {}}


def kernel(config: Config, *, output_bias: bool) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The propagator K(x, y), or K~ without the output bias."""
    bias_std = BIAS_STD[config.activation] if config.bias_std is None else config.bias_std
    # A kernel is the same at every width; this one serves as well as any.
    net = Net((1, 1, 1), config.activation, "gaussian", config.weight_std**2, bias_std**2)
    return propagator(net, output_bias=output_bias)


def dropped(config: Config, diagram: Diagram) -> str:
    """The rule that throws a diagram away, or nothing."""
    if diagram.has_vacuum_bubble and not config.vacuum_bubbles:
        return "dropped by rule 7: vacuum bubble"
    if diagram.corrects_propagator and not config.propagator_corrections:
        return "dropped by rule 4.5: in the exact $K$"
    return ""


def value(config: Config, diagram: Diagram) -> Estimate:
    """A diagram at the first inputs of the paper, all channels together, per unit of its couplings."""
    inputs = PAPER_POINTS[config.activation]
    found = evaluate(
        diagram,
        inputs,
        np.arange(diagram.externals)[None],
        kernel=kernel(config, output_bias=config.output_bias),
        direct_kernel=kernel(config, output_bias=True),
        couplings={vertex.coupling: 1.0 for vertex in diagram.vertices},
        box=config.box,
        scale=max(1.0, float(np.abs(inputs).max())),
    )
    return Estimate(found.values[0], found.error[0], 0)


def adaptive_contact(config: Config) -> Estimate:
    """-24 INT K K K K of eq. (3.18) by an independent, adaptive quadrature."""
    inputs, line = PAPER_POINTS[config.activation][:4], kernel(config, output_bias=config.output_bias)

    def integrand(y: float) -> float:
        return -24.0 * float(np.prod(line(inputs, np.array([[y]]))))

    cuts = sorted({-1.0, 0.0, 1.0, *inputs[:, 0].tolist()})
    cuts = [-config.box, *(cut for cut in cuts if abs(cut) < config.box), config.box]
    pieces = [quad(integrand, a, b, epsabs=0, epsrel=1e-12, limit=200) for a, b in itertools.pairwise(cuts)]
    return Estimate(sum(piece[0] for piece in pieces), sum(piece[1] for piece in pieces), 0)


def predict(config: Config) -> Results:
    found = {}
    for name, family in FAMILIES.items():
        values = [value(config, diagram) for diagram in family.diagrams]
        found[name] = {
            "contractions": Estimate.exact([diagram.contractions for diagram in family.diagrams]),
            "values": Estimate([v.value for v in values], [v.error for v in values], 0),
        }
    found["four-quartic"]["adaptive"] = adaptive_contact(config)
    return found


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for name, (factors, equation) in PUBLISHED.items():
        family = FAMILIES[name]
        yield counted(
            f"{name}-factors",
            rf"The diagrams of $G^{{({family.points})}}$ at order ${family.order}$ have the published "
            f"factors {', '.join(map(str, factors))}",
            factors,
            [diagram.contractions for diagram in family.diagrams if not diagram.has_vacuum_bubble],
            "literature",
            f"{PAPER}, eq. {equation}",
        )
    exact = [d for family in FAMILIES.values() for d in family.diagrams if family.name in PUBLISHED]
    exact = [d for d in exact if not d.has_vacuum_bubble and not d.corrects_propagator]
    yield counted(
        "channels",
        r"With the exact kernel, $-24\lambda$ and $-360\kappa$ are left of the 4-point function, and of the "
        r"6-point function $-24\lambda$ in 15 channels, $-720\kappa$ in 1 and $-360\kappa$ in 15",
        [[24, 1], [360, 1], [24, 15], [720, 1], [360, 15]],
        [[float(d.weight), len(d.channels)] for d in exact],
        "literature",
        f"{PAPER}, eqs. (3.18) and (3.19)",
    )
    yield counted(
        "pairings",
        "Vacuum bubbles included, the factors of each order add up to all $(2m-1)!!$ pairings: "
        + ", ".join(str(family.pairings) for family in FAMILIES.values()),
        [family.pairings for family in FAMILIES.values()],
        [predicted[name]["contractions"].value.sum() for name in FAMILIES],
        "theory",
        "Wick's theorem",
    )
    bubble = next(d for d in FAMILIES["four-second"].diagrams if d.is_connected and d.lines == ((0, 2), (2, 0)))
    yield counted(
        "bubble",
        r"At order $\lambda^2$ the connected one-loop diagram has three channels and symmetry factor 2",
        [3, 2],
        [len(bubble.channels), bubble.symmetry_factor],
        "theory",
        "the s, t and u channels of quartic theory",
    )
    yield Claim(
        "contact",
        r"The one-vertex 4-point diagram is $-24 \lambda \int K K K K$, by an independent quadrature",
        predicted["four-quartic"]["adaptive"],
        predicted["four-quartic"]["values"][0],
        "theory",
        f"{PAPER}, eq. (3.18)",
    )


def counted(
    id: str, statement: str, expected: Sequence[Any], observed: Sequence[Any], origin: Origin, source: str
) -> Claim:
    """That several numbers were counted as expected."""
    return Claim(id, statement, np.array(expected, float), Estimate.exact(observed), origin, source, kind="count")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for name, title, families in GALLERY:
        drawings, rows = [], []
        for family in (FAMILIES[each] for each in families):
            values = predicted[family.name]["values"]
            for diagram, size in zip(family.diagrams, [values[i] for i in range(len(values))], strict=True):
                drawings.append(drawing(config, family, diagram, size))
                why = dropped(config, diagram)
                shown = (f"${family.order}$", diagram.contractions, float(diagram.weight), len(diagram.channels))
                rows.append((*shown, diagram.symmetry_factor, size, why or "kept", f"${compact(diagram)}$"))
        kept = sum(not each.pale for each in drawings)
        columns = ("order", "contractions", "weight", "channels", "symmetry factor", "value", "rule", "first channel")
        yield Figure(
            name,
            f"The {title}: {len(drawings)} diagrams, of which the rules keep {kept}. Open circles are external points, "
            "dots are vertices, lines are propagators. Drawn and written is the first channel of each; the value is "
            f"that of all channels, at the first of the paper's inputs for the {config.activation} kernel, with cutoff "
            f"{config.box:g}.",
            drawings,
            Table(columns, rows),
        )


def drawing(config: Config, family: Family, diagram: Diagram, size: Estimate) -> Drawing:
    why = dropped(config, diagram)
    number = re.sub(r"e([+-])0*(\d+)$", lambda m: rf" \cdot 10^{{{m[1].strip('+')}{m[2]}}}", f"{float(size.value):.4g}")
    channels = len(diagram.channels)
    factor = f"{diagram.contractions} contractions" + (f", {channels} channels" if channels > 1 else "")
    words = (factor, f"${compact(diagram)}$", rf"value ${number}\, {family.order}$", *([why] if why else []))
    return Drawing(draw(diagram), words, pale=bool(why))


def compact(diagram: Diagram) -> str:
    """The first channel in the notation of eq. (3.19), K_{1y} for K(x_1, y); internal points are y and z."""
    text = re.sub(r" \+ \(\d+.*", "", expression(diagram)).replace("y_{1}", "y").replace("y_{2}", "z")
    text = text.replace(r"\mathrm{d}y\, \int", r"\mathrm{d}y\,")
    return re.sub(r"K\(([^,]*), ([^)]*)\)", r"K_{\1 \2}", re.sub(r"x_\{(\d+)\}", r"\1", text))


study = Study.from_module(
    __name__,
    question="Which Feynman diagrams does an interacting network have, with what factors, and how large are they?",
    equations=(
        Equation(
            r"S = S_{\mathrm{GP}} + \int \mathrm{d}x\, ( \lambda f(x)^4 + \kappa f(x)^6 )",
            "the action; weights are $e^{-S}$, without factors of 1/4! or 1/6!",
            (
                (r"S, S_{\mathrm{GP}}", "action, and that of the Gaussian process"),
                ("f(x)", "output at the input $x$"),
                (r"\lambda, \kappa", "quartic and sextic coupling"),
            ),
        ),
        Equation(
            r"G^{(n)} = \frac{\langle f(x_1) \cdots f(x_n)\, e^{S_{\mathrm{GP}} - S} \rangle_{\mathrm{GP}}}"
            r"{\langle e^{S_{\mathrm{GP}} - S} \rangle_{\mathrm{GP}}}",
            "correlation functions; the normalization cancels vacuum bubbles (rule 7)",
            (("G^{(n)}", "correlation function of $n$ outputs"),),
        ),
        Equation(
            r"G^{(4)}_c = -24 \lambda \int \mathrm{d}y\, K_{1y} K_{2y} K_{3y} K_{4y}"
            r" - 360 \kappa \int \mathrm{d}y\, K_{yy} K_{1y} K_{2y} K_{3y} K_{4y}",
            "what the rules leave of the connected 4-point function at first order",
            (*symbols("G_c^{(4)}"), ("K_{1y}", "kernel of the first input and $y$")),
        ),
    ),
    cites=("Halverson2021",),
)

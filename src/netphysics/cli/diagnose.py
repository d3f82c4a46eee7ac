"""`netphysics diagnose --widths 784 512x20 10 --activation tanh`: will this network train?"""

from __future__ import annotations

import importlib
import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netphysics.lab.accepted import SEEDS, option

from .arguments import parse
from .output import check_output, write_output

if TYPE_CHECKING:
    import numpy as np

    from netphysics.fields.diagnosis import Diagnosis
    from netphysics.nets import Net
    from netphysics.nets.net import Ensemble

RUN = re.compile(r"([1-9]\d*)(?:x([1-9]\d*))?")
MOST_LAYERS = 10_000


@dataclass(frozen=True)
class Options:
    """Diagnose a fully connected network before it is trained: phase, fluctuations, learning rate, and advice."""

    widths: tuple[str, ...] = ()
    """Widths from inputs to outputs; 512x20 stands for twenty layers of 512."""
    activation: str | None = None
    """Activation by name, tanh, relu, gelu, ..., or module:function, a JAX function of your own."""
    model: str | None = None
    """In the place of widths and activation: module:function, which makes a PyTorch or JAX model, or a pair of a model
    and a batch of its inputs."""
    initialization: str = "gaussian"
    """How weights are drawn: gaussian or orthogonal, of the two variances that follow; or by a name of PyTorch or JAX,
    which sets them itself: pytorch-default, xavier-uniform, kaiming-normal, lecun-normal, ..."""
    weight_variance: float = option(1.0, least=0)
    """C_W: weights have variance C_W / fan-in; PyTorch's gain squared."""
    bias_variance: float = option(0.0, least=0)
    """C_b: the variance of biases."""
    inputs: str | None = None
    """digits (images of handwritten digits, 64 wide), or a file, .npy or text, with one input per row; by
    default 16 random inputs of variance 1."""
    recommend: bool = False
    """Instead, find initial conditions for these widths and this activation."""
    tolerance: float = option(0.1, above=0)
    """With --recommend: the tolerated relative spread of tangent kernels from seed to seed."""
    seed: int = option(0, between=SEEDS)
    """Seed of all random numbers."""
    json: bool = False
    """Print one JSON object."""
    strict: bool = False
    """End with the exit code 1 when something will hinder training, for use in scripts."""
    out: Path | None = None
    """Write a self-contained HTML page, too."""
    force: bool = False
    """Replace a page that exists."""


def main(arguments: list[str]) -> int:
    options = parse(Options, arguments, "diagnose")
    if options.out is not None:
        check_output(options.out, "--out", force=options.force)
    if options.model is not None:
        if options.widths or options.activation or options.recommend:
            raise ValueError("--model goes without --widths, --activation and --recommend")
        return show(diagnosis_of_model(options.model, options), False, options)
    if not options.widths or options.activation is None:
        missing = "--activation" if options.widths else "--widths"
        raise ValueError(f"{missing} is missing; `netphysics diagnose --help` lists what there is")
    widths = parse_widths(options.widths)
    from netphysics.nets import Net

    net = Net(widths, named_function("--activation", options.activation), *law(options, widths))
    return recommendation(net, options) if options.recommend else diagnosis(net, options)


def law(options: Options, widths: tuple[int, ...]) -> tuple[Ensemble, float, float]:
    """Law, C_W and C_b of the weights that were asked for.

    Raises:
        ValueError: for a name that does not exist, and for variances beside one that sets them.
    """
    from netphysics.nets import named_law

    ensembles: tuple[Ensemble, ...] = ("gaussian", "orthogonal")
    for ensemble in ensembles:
        if options.initialization == ensemble:
            return ensemble, options.weight_variance, options.bias_variance
    found = named_law(options.initialization, widths)
    if (options.weight_variance, options.bias_variance) != (1.0, 0.0):
        raise ValueError(
            f"--initialization {options.initialization} sets the variances; --weight-variance and --bias-variance go "
            "with gaussian and orthogonal"
        )
    return found


def diagnosis_of_model(word: str, options: Options) -> Diagnosis:
    """The diagnosis of the model that `module:function` makes; raises ValueError for what is no model, or without
    inputs."""
    import numpy as np

    import netphysics
    from netphysics.lab.inputs import read_points

    made = named_function("--model", word)
    if isinstance(made, str):
        raise ValueError(f"--model is {word}; module:function is needed")
    if isinstance(made, type) or not hasattr(made, "parameters"):  # a module of PyTorch may be named itself
        try:
            made = made()
        except TypeError as error:
            raise ValueError(f"--model is {word}; it must be callable without arguments: {error}") from error
    model, inputs = made if isinstance(made, tuple) else (made, None)
    if options.inputs is not None and options.inputs.endswith(".npy"):
        try:
            inputs = np.load(options.inputs, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ValueError(f"--inputs is {options.inputs}; {error}") from error
    elif options.inputs is not None:
        inputs = read_points(options.inputs)
    if inputs is None:
        raise ValueError(f"--inputs is missing; {word} makes a model without inputs")
    return netphysics.diagnose(model, inputs, seed=options.seed)


def named_function(option: str, word: str) -> Any:
    """What `module:function` names; any other word stays as it is, for it may be the name of an activation.

    Raises:
        ValueError: for a module or a function that is not there.
    """
    module, colon, name = word.partition(":")
    if not colon:
        return word
    # A module beside the person who calls comes first, as with python -m.
    sys.path.insert(0, "")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"{option} is {word}; {error}") from error
    finally:
        sys.path.remove("")


def parse_widths(words: tuple[str, ...]) -> tuple[int, ...]:
    """`784 512x20 10` as a tuple of widths.

    Raises:
        ValueError: for a word that is no width, and more layers than anybody means.
    """
    widths: list[int] = []
    for word in words:
        match = RUN.fullmatch(word)
        if match is None:
            raise ValueError(f"--widths holds {word!r}; a width is a positive integer, or 512x20 for twenty of 512")
        count = int(match[2] or 1)
        if len(widths) + count > MOST_LAYERS:
            raise ValueError(f"--widths is longer than {MOST_LAYERS} layers")
        widths += [int(match[1])] * count
    return tuple(widths)


def read_inputs(net: Net, choice: str | None) -> np.ndarray:
    """The batch that was asked for; raises ValueError where it does not fit the net."""
    from netphysics.fields.diagnosis import normal_inputs
    from netphysics.lab.inputs import DIGITS, digit_images, read_points

    if choice is None:
        return normal_inputs(net.widths[0])
    points = digit_images(20) if choice == DIGITS else read_points(choice)
    if points.shape[1] != net.widths[0]:
        raise ValueError(
            f"--inputs is {choice} with inputs of {points.shape[1]} components; --widths begins with {net.widths[0]}"
        )
    return points


def diagnosis(net: Net, options: Options) -> int:
    """Diagnose a described network; the exit code."""
    import jax

    from netphysics.fields.diagnosis import diagnose_described

    found = diagnose_described(net, read_inputs(net, options.inputs), key=jax.random.key(options.seed))
    return show(found, options.inputs is None, options)


def show(found: Diagnosis, random_inputs: bool, options: Options) -> int:
    """Print, and write the page if one is asked for; the exit code."""
    code = int(options.strict and not found.healthy)
    if options.out is not None:
        from .diagnosis_page import diagnosis_page

        write_output(options.out, diagnosis_page(found, command(options)))
    if options.json:
        page = {"page": str(options.out)} if options.out else {}
        print(json.dumps({**found.to_json(), **page}, allow_nan=False))
        return code
    from .diagnosis_text import show_diagnosis

    show_diagnosis(found)
    if random_inputs:
        print("The inputs are random; --inputs takes your own.")
    if options.out is not None:
        print(f"page {options.out}")
    return code


def recommendation(net: Net, options: Options) -> int:
    """Print initial conditions for the shape of the net."""
    from netphysics.fields.diagnosis import recommend

    found = recommend(net, options.tolerance)
    if options.json:
        print(json.dumps([{**asdict(each), "gain": each.gain} for each in found]))
        return 0
    from .diagnosis_text import show_recommendations

    show_recommendations(net, found, options.tolerance)
    return 0


def command(options: Options) -> str:
    """The command that gives this diagnosis again."""
    import shlex

    words = ["netphysics", "diagnose"]
    if options.widths:
        words += ["--widths", *options.widths, "--activation", str(options.activation)]
    laws = (("initialization", "gaussian"), ("weight_variance", 1.0), ("bias_variance", 0.0))
    for name, default in (("model", None), *laws, ("inputs", None)):
        if (value := getattr(options, name)) != default:
            words += ["--" + name.replace("_", "-"), str(value)]
    return shlex.join([*words, *(["--seed", str(options.seed)] if options.seed else [])])

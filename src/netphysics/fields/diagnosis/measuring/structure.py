"""How a network is put together, seen while it runs: which layer feeds which, and what is between them.

A layer is a product of a signal with something made of parameter matrices alone. Whoever runs a network, PyTorch's
functions or a JAX trace, tells every function that is applied (`apply`); what is named here are values, by any key.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from netphysics.nets import Activation, activation

# A product of a signal with a matrix of parameters.
PRODUCTS = {
    *("linear", "matmul", "mm", "bmm", "addmm", "einsum", "bilinear", "embedding", "conv1d", "conv2d", "conv3d"),
    *("conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "dot_general", "conv_general_dilated"),
}
ADDITIONS = {"add", "iadd", "radd", "add_any"}
# Multiplies a signal by what is no signal; of two signals they make a product.
SCALINGS = {"mul", "imul", "rmul", "div", "truediv", "itruediv"}
POWERS = {"pow", "square", "integer_pow"}
# Parts of gelu as JAX writes it, as a polynomial or with erfc.
WRITTEN_OUT = {"cube", "erfc"}
# Functions that leave a linear map linear, in PyTorch and in JAX; batch normalization is one, given its statistics.
MOVES = """
    add iadd radd sub isub rsub neg add_any mean sum reduce_sum cat concatenate stack reshape view flatten unflatten
    permute transpose t swapaxes movedim squeeze unsqueeze expand_dims contiguous getitem select narrow chunk split
    unbind expand broadcast_in_dim slice dynamic_slice gather rev roll flip pad clone copy to float double
    convert_element_type detach stop_gradient get batch_norm dropout dropout1d dropout2d dropout3d alpha_dropout
    interpolate avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
"""
LINEAR = SCALINGS.union(MOVES.split())

# Functions that normalize signals; JAX models normalize by what they are made of, the inverse of a root.
NORMALIZATIONS = {"batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm", "rsqrt"}
# Activations that the theory knows, as PyTorch and JAX call them where that is not their name here.
ACTIVATIONS = {"silu": "swish", "leaky_relu": "leaky-relu", "logistic": "sigmoid", "cube": "gelu", "erfc": "gelu"}
KNOWN = {"tanh", "relu", "gelu", "sigmoid", "elu", "selu", "softplus", "mish", "erf", "sin", "swish", "leaky-relu"}


@dataclass(frozen=True)
class Path:
    """How a value came from the last layer before it: the functions that were applied since, in order."""

    layer: str
    functions: tuple[str, ...] = ()

    @property
    def linear(self) -> bool:
        return all(name in LINEAR for name in self.functions)

    @property
    def before_activation(self) -> bool:
        """Whether nothing but linear maps and normalizations were applied so far."""
        return all(name in LINEAR or name in NORMALIZATIONS for name in self.functions)


@dataclass(frozen=True)
class Layer:
    """One product of a signal with parameters."""

    name: str
    function: str
    taps: int = 1
    """Of the window of a convolution; 1 where there is none."""
    size_in: int = 0
    """Numbers that a sample brings in, and that it takes out."""
    size_out: int = 0


@dataclass
class Structure:
    """What is known of the values of a run, and of its layers."""

    made: dict[Hashable, str] = field(default_factory=dict)
    """Values that are made of parameter matrices alone, by the name of the first."""
    past: dict[Hashable, frozenset[str]] = field(default_factory=dict)
    """Signals: the layers that each has passed."""
    paths: dict[Hashable, Path] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)
    direct: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of layers with nothing but linear maps between them."""
    joined: set[str] = field(default_factory=set)
    """Layers whose outputs, or a linear map of them, meet other signals somewhere."""
    activations: dict[str, str] = field(default_factory=dict)
    """The first function after a layer that is neither linear nor a normalization."""
    functions: set[str] = field(default_factory=set)
    """All that was applied to signals."""
    skips: int = 0
    """How often something is added to what it was made from."""
    bypassed: set[str] = field(default_factory=set)
    """Layers on the way to what is added."""
    one_hot: float = 0.0
    """The largest share of rows of a softmax over tokens that have nearly all of their weight in one place."""
    dropped: float = 0.0
    """The largest share of signals that a dropout takes away in training."""
    outputs: Hashable = None
    """Which of the values are the outputs of the network."""
    erased: tuple[str, str | None] | None = None
    """Where outputs are the same for every sample, the function behind which samples are, and the layer before it."""
    infinite: tuple[str, str | None] | None = None
    """Where outputs are not finite, the function that gave the first such number, and the layer before it."""
    unlisted: int = 0
    """How many parameters are used that are none of the network's, so that no optimizer is given them."""
    mixed: bool = False
    """Whether the outputs for a sample change with the other samples of the batch."""

    def apply(
        self,
        name: str,
        arguments: Sequence[Hashable],
        results: Sequence[Hashable],
        taps: int = 1,
        sizes: tuple[int, int] = (0, 0),
    ) -> None:
        """A function took these arguments and gave these results."""
        signals = [key for key in arguments if key in self.past]
        matrices = [self.made[key] for key in arguments if key in self.made]
        if not signals:
            for key in results:
                # A trace that is called twice uses the same names again.
                self.forget(key)
                if matrices:
                    self.made[key] = matrices[0]
            return
        past = frozenset[str]().union(*(self.past[key] for key in signals))
        self.functions.add(name)
        if name in ADDITIONS and len(signals) == 2 and self.past[signals[0]] != self.past[signals[1]]:
            first, second = (self.past[key] for key in signals)
            if past in (first, second):
                self.skips += 1
                self.bypassed |= first ^ second
        path: Path | None
        if matrices and (name in PRODUCTS or name not in LINEAR):
            path = self._layer(Layer(matrices[0], name, taps, *sizes), signals)
            past |= {matrices[0]}
        else:
            path = self._further(name, signals)
        for key in results:
            self.forget(key)
            self.past[key] = past
            if path is not None:
                self.paths[key] = path

    def same(self, key: Hashable, other: Hashable) -> None:
        """`other` is another name of what `key` names."""
        self.forget(other)
        if key in self.made:
            self.made[other] = self.made[key]
        if key in self.past:
            self.past[other] = self.past[key]
        if key in self.paths:
            self.paths[other] = self.paths[key]

    def forget(self, key: Hashable) -> None:
        """A name gets a new meaning."""
        for table in (self.made, self.past, self.paths):
            table.pop(key, None)

    def products(self, fan_in: Mapping[str, int]) -> int:
        """How many products of numbers an input takes to pass the layers whose fan-in is given."""
        return sum(layer.size_out * fan_in[name] for name, layer in self.layers.items() if name in fan_in)

    def _layer(self, layer: Layer, signals: Sequence[Hashable]) -> Path:
        """A new layer; recurrent layers and attention come as one function, with the activation inside."""
        self.layers.setdefault(layer.name, layer)
        before = self.paths.get(signals[0])
        if len(set(signals)) == 1 and before is not None and before.linear:
            self.direct.append((before.layer, layer.name))
        return Path(layer.name, () if layer.function in PRODUCTS else (layer.function,))

    def _further(self, name: str, signals: Sequence[Hashable]) -> Path | None:
        """The path of a function of signals that come from one and the same layer; None if they do not."""
        paths = [self.paths.get(key) for key in signals]
        first = paths[0]
        if first is None or any(path is None or path.layer != first.layer for path in paths):
            self.joined.update(path.layer for path in paths if path is not None and path.linear)
            if name in SCALINGS:
                self._reshape(name, [path for path in paths if path is not None and not path.before_activation])
            return None
        longest = max((path.functions for path in paths if path is not None), key=len)
        product = len(set(signals)) > 1 and (name in SCALINGS or name in PRODUCTS)
        path = Path(first.layer, (*longest, f"{name} of signals" if product else name))
        if not path.before_activation and all(each is not None and each.before_activation for each in paths):
            self.activations.setdefault(first.layer, name)
        elif product or name in POWERS:
            self._reshape(name, [path])
        return path

    def _reshape(self, name: str, activated: Sequence[Path]) -> None:
        """What passed an activation is made another function by a product or a power."""
        for path in activated:
            if (before := self.activations.get(path.layer)) not in WRITTEN_OUT:
                self.activations[path.layer] = f"{before} and {name}"

    @property
    def ending(self) -> Path | None:
        """How the outputs come from the last layer."""
        return self.paths.get(self.outputs)

    def activation(self) -> str | None:
        """The most frequent activation between layers; what the outputs pass is none of them."""
        last = self.ending.layer if self.ending is not None else None
        found = [name for layer, name in self.activations.items() if layer != last]
        return max(found, key=found.count) if found else None


def named_activation(function: str | None) -> Activation | None:
    """The activation that a function is; None where the theory does not know it."""
    name = ACTIVATIONS.get(function or "", function)
    return activation(name) if name in KNOWN else None

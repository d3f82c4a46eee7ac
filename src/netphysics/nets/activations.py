"""Activations: the value on the device, derivatives on the host, exact moments where they are known."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from netphysics.nets import derivatives, moments


@dataclass(frozen=True)
class Activation:
    """One activation σ, as every floor of the house needs it.

    `normalized` marks the Gauss-net of arXiv:2008.08601, σ(z) = exp(z - q) with q the variance of the
    preactivation z: no elementwise function of z, so `value` and `derivatives` take q as a second argument
    that broadcasts against z.
    """

    name: str
    value: Callable[..., Float[Array, "..."]]
    """σ on jax arrays, in their dtype."""
    derivatives: Callable[..., derivatives.Derivatives]
    """(σ, σ', σ'', σ''') on float64 numpy arrays; at a kink the mean of both sides."""
    kinks: tuple[float, ...] = ()
    """Where σ is not three times differentiable, so that quadrature can be split there."""
    product: Callable[..., moments.Moment] | None = None
    """(q_aa, q_ab, q_bb) -> E[σ(z_a) σ(z_b)] for centered normal z; None where no closed form is known."""
    slope_product: Callable[..., moments.Moment] | None = None
    """(q_aa, q_ab, q_bb) -> E[σ'(z_a) σ'(z_b)]; None where no closed form is known."""
    normalized: bool = False

    def __call__(self, z: Float[Array, "..."], variance: Float[Array, "..."]) -> Float[Array, "..."]:
        """σ(z) for preactivations of that variance, which only a normalized activation looks at."""
        return self.value(z, variance) if self.normalized else self.value(z)


@cache
def leaky_relu(slope: float) -> Activation:
    """z for z > 0 and slope · z for z < 0. The slopes 1 and 0 are the activations linear and relu."""
    return scale_invariant(f"leaky-relu({slope:g})", partial(jax.nn.leaky_relu, negative_slope=slope), slope)


def scale_invariant(name: str, value: Callable[[Array], Array], slope: float) -> Activation:
    """An activation that is linear on both sides of 0, with slope 1 above."""
    return Activation(
        name,
        value,
        partial(derivatives.scale_invariant, slope=slope),
        kinks=() if slope == 1 else (0.0,),
        product=partial(moments.scale_invariant_product, slope=slope),
        slope_product=partial(moments.scale_invariant_slope_product, slope=slope),
    )


def identity(z: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """z."""
    return z


def normalized_exponential(z: Float[Array, "..."], variance: Float[Array, "..."]) -> Float[Array, "..."]:
    """exp(z - q)."""
    return jnp.exp(z - variance)


def automatic_derivatives(function: Callable[[Array], Array], z: derivatives.Values) -> derivatives.Derivatives:
    """The value and three nested forward derivatives of an elementwise jax function, in float64."""

    def slope(inner: Callable[[Array], Array]) -> Callable[[Array], Array]:
        return lambda x: jax.jvp(inner, (x,), (jnp.ones_like(x),))[1]

    first = slope(function)
    second = slope(first)
    with jax.enable_x64(True):
        x = jnp.asarray(z, jnp.float64)
        value, one, two, three = (np.asarray(each(x)) for each in (function, first, second, slope(second)))
    return value, one, two, three


NAMED = {
    activation.name: activation
    for activation in (
        scale_invariant("linear", identity, 1.0),
        scale_invariant("relu", jax.nn.relu, 0.0),
        scale_invariant("leaky-relu", jax.nn.leaky_relu, 0.01),
        Activation("tanh", jnp.tanh, derivatives.tanh_derivatives),
        Activation(
            "erf",
            jax.lax.erf,
            derivatives.erf_derivatives,
            product=moments.erf_product,
            slope_product=moments.erf_slope_product,
        ),
        Activation(
            "sin",
            jnp.sin,
            derivatives.sin_derivatives,
            product=moments.sin_product,
            slope_product=moments.cos_product,
        ),
        Activation(
            "cos",
            jnp.cos,
            derivatives.cos_derivatives,
            product=moments.cos_product,
            slope_product=moments.sin_product,
        ),
        Activation("gelu", partial(jax.nn.gelu, approximate=False), derivatives.gelu_derivatives),
        Activation("swish", jax.nn.swish, derivatives.swish_derivatives),
        Activation("softplus", jax.nn.softplus, derivatives.softplus_derivatives),
        Activation("sigmoid", jax.nn.sigmoid, derivatives.sigmoid_derivatives),
        Activation("elu", jax.nn.elu, derivatives.elu_derivatives, kinks=(0.0,)),
        Activation("selu", jax.nn.selu, derivatives.selu_derivatives, kinks=(0.0,)),
        Activation("mish", jax.nn.mish, partial(automatic_derivatives, jax.nn.mish)),
        Activation(
            "gauss",
            normalized_exponential,
            derivatives.gauss_derivatives,
            product=moments.gauss_product,
            slope_product=moments.gauss_product,
            normalized=True,
        ),
    )
}

# Names that other libraries use.
ALIASES = {"silu": "swish", "leakyrelu": "leaky-relu", "identity": "linear", "logistic": "sigmoid", "sine": "sin"}


def activation(choice: str | Callable[[Array], Array] | Activation) -> Activation:
    """The activation of that name, in any spelling of PyTorch's or JAX's, or a wrapper around an elementwise function
    on jax arrays.

    A function of the user's own gets its derivatives by automatic differentiation in float64; it is taken to
    have no kinks and no closed moments.

    Raises ValueError for a name that does not exist, and for a function that does not keep the shape.
    """
    if isinstance(choice, Activation):
        return choice
    if not isinstance(choice, str):
        return wrapped(choice)
    name = choice.lower().replace("_", "-")
    name = ALIASES.get(name, name)
    if name not in NAMED:
        nearest = get_close_matches(name, [*NAMED, *ALIASES], n=1, cutoff=0.0)[0]
        raise ValueError(f"activation {choice!r} is not known; did you mean {nearest!r}? All: {', '.join(NAMED)}")
    return NAMED[name]


@cache
def wrapped(function: Callable[[Array], Array]) -> Activation:
    """An `Activation` around a user's function; the same function always gives the same one."""
    probe = jax.ShapeDtypeStruct((2, 3), jnp.float32)
    result = jax.eval_shape(function, probe)
    name = getattr(function, "__name__", repr(function))
    if (result.shape, result.dtype) != (probe.shape, probe.dtype):
        raise ValueError(
            f"activation {name!r} must be elementwise: "
            f"float32 of shape (2, 3) became {result.dtype} of shape {result.shape}"
        )
    return Activation(name, function, partial(automatic_derivatives, function))

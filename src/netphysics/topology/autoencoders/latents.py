"""Latents: the spaces that an autoencoder may write its codes in."""

from __future__ import annotations

import re
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

FACTOR = re.compile(r"(R|S|T|RP)([1-9]\d*)|(SO3)")


@dataclass(frozen=True)
class Factor:
    """A latent space that is no product.

    Attributes:
        kind: `R` for plain numbers, `S` for a sphere, `T` for circles, `RP` for a projective space, `SO3` for
            rotations.
        dimension: numbers that say where a code is.
    """

    kind: str
    dimension: int

    @property
    def raw(self) -> int:
        """Numbers that the encoder gives."""
        return {"R": self.dimension, "T": 2 * self.dimension, "SO3": 6}.get(self.kind, self.dimension + 1)

    @property
    def coordinates(self) -> int:
        """Numbers that a code has, and the decoder sees."""
        return {"RP": self.raw**2, "SO3": 9}.get(self.kind, self.raw)

    def code(self, raw: Float[Array, " raw"]) -> Float[Array, " coordinates"]:
        """The point of the space that raw numbers stand for. Continuous but where they all vanish."""
        if self.kind == "R":
            return raw
        if self.kind == "T":
            return unit(raw.reshape(-1, 2)).ravel()
        if self.kind == "SO3":
            return gram_schmidt(raw)
        direction = unit(raw)
        return jnp.outer(direction, direction).ravel() if self.kind == "RP" else direction


@dataclass(frozen=True)
class Latent:
    """A product of latent spaces, written as in `R2`, `S1`, `T2`, `S2xR1`, `RP2` or `SO3`."""

    factors: tuple[Factor, ...]

    @property
    def dimension(self) -> int:
        """Numbers that say where a code is."""
        return sum(factor.dimension for factor in self.factors)

    @property
    def raw(self) -> int:
        """Numbers that the encoder gives."""
        return sum(factor.raw for factor in self.factors)

    @property
    def coordinates(self) -> int:
        """Numbers that a code has, and the decoder sees."""
        return sum(factor.coordinates for factor in self.factors)

    @property
    def plain(self) -> bool:
        """Whether it is R^k."""
        return all(factor.kind == "R" for factor in self.factors)

    def code(self, raw: Float[Array, " raw"]) -> Float[Array, " coordinates"]:
        """The point of the space that raw numbers stand for."""
        parts, start = [], 0
        for factor in self.factors:
            parts.append(factor.code(raw[start : start + factor.raw]))
            start += factor.raw
        return jnp.concatenate(parts)


def latent(name: str) -> Latent:
    """The latent of a name: `R<k>`, `S<k>`, `T<k>`, `RP<k>`, `SO3`, or several of them with `x` between.

    Raises:
        ValueError: for another name.
    """
    factors = []
    for word in name.split("x"):
        match = FACTOR.fullmatch(word)
        if match is None:
            raise ValueError(f"latent is {name!r}; it must be R<k>, S<k>, T<k>, RP<k>, SO3, or several with x between")
        factors.append(Factor("SO3", 3) if match[3] else Factor(match[1], int(match[2])))
    return Latent(tuple(factors))


def unit(raw: Float[Array, "*rows n"]) -> Float[Array, "*rows n"]:
    """Vectors of length one in the directions of the given ones."""
    # A small number keeps the gradient finite at the origin, where there is no direction.
    return raw / jnp.sqrt(jnp.sum(raw**2, axis=-1, keepdims=True) + 1e-12)


def gram_schmidt(raw: Float[Array, 6]) -> Float[Array, 9]:
    """The rotation whose first two rows come from two vectors by Gram and Schmidt (Zhou et al., arXiv:1812.07035)."""
    first = unit(raw[:3])
    second = unit(raw[3:] - jnp.dot(first, raw[3:]) * first)
    return jnp.concatenate([first, second, jnp.cross(first, second)])

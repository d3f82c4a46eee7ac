r"""Qubits: from the statistics of some measurements on a pure state, predict those of any other.

A state $\psi$ of one or two qubits is uniform (Haar). Observed are the probabilities $|\langle\alpha_i|\psi\rangle|^2$
of fixed projectors, as many as the code released with the paper has: 10 for one qubit, 30 for two. The question names
another projector $\omega$ by its overlaps $|\langle\beta_i|\omega\rangle|^2$ with a second fixed set; the answer is
$|\langle\omega|\psi\rangle|^2$.

An incomplete set of projectors is made of real combinations of `span` basis vectors, with coefficients uniform on
[-1/2, 1/2]: it does not see all of the state.

Source: Iten et al., arXiv:1807.10300, section II C, and the code released with it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float, PRNGKeyArray

from .world import Sample, World

MEASUREMENTS = {1: 10, 2: 30}
# Projectors are part of a world, as apparatus is: always the same.
APPARATUS = 2018
SMALLEST = 1e-6


@dataclass(frozen=True)
class Qubits:
    """One or two qubits, seen completely or through real combinations of `span` basis vectors only.

    Raises:
        ValueError: for another number of qubits, or a span that leaves nothing or more than there is.
    """

    qubits: int = 1
    span: int | None = None

    def __post_init__(self):
        if self.qubits not in MEASUREMENTS:
            raise ValueError(f"qubits is {self.qubits}; it must be 1 or 2")
        if self.span is not None and not 2 <= self.span <= self.levels:
            raise ValueError(f"span is {self.span}; it must lie between 2 and {self.levels}")

    @property
    def levels(self) -> int:
        return 2**self.qubits

    @property
    def measurements(self) -> int:
        return MEASUREMENTS[self.qubits]

    @functools.cached_property
    def apparatus(self) -> tuple[np.ndarray, np.ndarray]:
        """The projectors that observe and those that name a question, each (measurements, levels)."""
        rng = np.random.default_rng(APPARATUS + 10 * self.qubits)
        size = (2, self.measurements, self.levels)
        observing, naming = rng.normal(size=size) + 1j * rng.normal(size=size)
        if self.span is not None:
            observing = np.zeros_like(observing)
            observing[:, : self.span] = rng.uniform(-0.5, 0.5, (self.measurements, self.span))
        return tuple(set_ / np.linalg.norm(set_, axis=1, keepdims=True) for set_ in (observing, naming))

    @property
    def world(self) -> World:
        seen = "" if self.span is None else f"-span-{self.span}"
        return World(f"qubits-{self.qubits}{seen}", functools.partial(sample, self), ())

    @property
    def error_without_latents(self) -> float:
        r"""Spread of $|\langle\omega|\psi\rangle|^2$, which follows Beta(1, d - 1) for d levels."""
        d = self.levels
        return float(np.sqrt((d - 1) / (d**2 * (d + 1))))

    def dimension(self) -> int:
        """How many numbers the observation depends on: the rank of its Jacobian at a random state."""
        rng = np.random.default_rng(APPARATUS)
        psi = rng.normal(size=self.levels) + 1j * rng.normal(size=self.levels)
        psi /= np.linalg.norm(psi)
        amplitudes = self.apparatus[0].conj() @ psi
        # Of |<a|psi>|^2 / |psi|^2 by the real and imaginary parts of psi, at |psi| = 1.
        slope = amplitudes[:, None] * self.apparatus[0] - (np.abs(amplitudes) ** 2)[:, None] * psi[None]
        singular = np.linalg.svd(np.concatenate([slope.real, slope.imag], axis=1), compute_uv=False)
        return int((singular > SMALLEST * singular[0]).sum())


def sample(qubits: Qubits, questions: int, *, key: PRNGKeyArray) -> Sample:
    observing, naming = (jnp.asarray(projectors, jnp.complex64) for projectors in qubits.apparatus)
    parts = jax.random.normal(key, (2, 1 + questions, qubits.levels), jnp.float32)
    states = jax.lax.complex(parts[0], parts[1])
    states = states / jnp.linalg.norm(states, axis=1, keepdims=True).astype(jnp.complex64)
    psi, asked = states[:1], states[1:]
    return Sample(
        jnp.concatenate([psi.real[0], psi.imag[0]]),
        overlaps(observing, psi)[0],
        overlaps(naming, asked),
        overlaps(psi, asked),
    )


def overlaps(projectors: Complex[Array, "m d"], states: Complex[Array, "n d"]) -> Float[Array, "n m"]:
    """|<projector|state>|^2 for every state and projector."""
    return jnp.abs(states @ projectors.conj().T) ** 2


# What no network can do about real projectors on one qubit: the sign of one Bloch component stays unknown, the answer
# is (1 + r.s)/2, and the variance of the unknown part is 1/4 <r_y^2> <s_y^2> = 1/36.
REAL_QUBIT_ERROR = 1 / 6

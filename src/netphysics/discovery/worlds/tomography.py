r"""Tomography: from the statistics of some measurements on a quantum state, predict those of any other.

A state $\rho$ of d levels is seen through the probabilities $\langle\alpha_i|\rho|\alpha_i\rangle$ of fixed
projectors, or through how often they came in a finite number of shots. The question names another projector $\omega$ by
its overlaps $|\langle\beta_i|\omega\rangle|^2$ with a second fixed set; the answer is
$\langle\omega|\rho|\omega\rangle$. Projectors to ask for are uniform (Haar), and so are pure states; mixed states are
$GG^\dagger/\mathrm{tr}\,GG^\dagger$ with complex normal d x d matrices G, the Hilbert-Schmidt measure.

An incomplete set of projectors is made of real combinations of `span` basis vectors, with coefficients uniform on
[-1/2, 1/2]: it does not see all of the state.

Source: Iten et al., arXiv:1807.10300, section II C, and the code released with it, for pure states of one and two
qubits and probabilities that are known exactly; the rest is ours.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Complex, Float, PRNGKeyArray

from .world import Sample, World

# As many as the released code has for one and two qubits; a qutrit lies between.
MEASUREMENTS = {2: 10, 3: 20, 4: 30}
# Projectors are part of a world, as apparatus is: always the same.
APPARATUS = 2018
SMALLEST = 1e-6
# States that averages of what shots leave open are taken over.
STATES = 1000


@dataclass(frozen=True)
class Tomography:
    """A kind of quantum states, and how they are measured.

    Attributes:
        levels: d: 2 for a qubit, 3 for a qutrit, 4 for two qubits.
        mixed: whether states are mixed; they are pure otherwise.
        span: how many basis vectors the observing projectors combine; None for a complete set.
        shots: how often each observing projector is tried; None for exact probabilities.

    Raises:
        ValueError: for another number of levels, a span that leaves nothing or more than there is, or no shots.
    """

    levels: int = 2
    mixed: bool = False
    span: int | None = None
    shots: int | None = None

    def __post_init__(self) -> None:
        if self.levels not in MEASUREMENTS:
            raise ValueError(f"levels is {self.levels}; it must be one of {', '.join(map(str, MEASUREMENTS))}")
        if self.span is not None and not 2 <= self.span <= self.levels:
            raise ValueError(f"span is {self.span}; it must lie between 2 and {self.levels}")
        if self.shots is not None and self.shots < 1:
            raise ValueError(f"shots is {self.shots}; it must be at least 1")

    @property
    def measurements(self) -> int:
        return MEASUREMENTS[self.levels]

    @property
    def rank(self) -> int:
        """Columns of the matrix G in $GG^\\dagger$."""
        return self.levels if self.mixed else 1

    @functools.cached_property
    def apparatus(self) -> tuple[np.ndarray, np.ndarray]:
        """The projectors that observe and those that name a question, each (measurements, levels)."""
        rng = np.random.default_rng(APPARATUS + self.levels)
        size = (2, self.measurements, self.levels)
        observing, naming = rng.normal(size=size) + 1j * rng.normal(size=size)
        if self.span is not None:
            observing = np.zeros_like(observing)
            observing[:, : self.span] = rng.uniform(-0.5, 0.5, (self.measurements, self.span))
        return tuple(set_ / np.linalg.norm(set_, axis=1, keepdims=True) for set_ in (observing, naming))

    @property
    def world(self) -> World:
        """The world; its variables are entries of the density matrix, all that are independent."""
        places = range(1, self.levels + 1)
        pairs = [f"{i}{j}" for i in places for j in places if i < j]
        names = [f"{i}{i}" for i in places[:-1]] + [f"{part} {pair}" for part in ("Re", "Im") for pair in pairs]
        kind = "mixed" if self.mixed else "pure"
        return World(f"{kind}-{self.levels}-levels", functools.partial(sample, self), tuple(names))

    @property
    def error_without_latents(self) -> float:
        r"""Spread of $\langle\omega|\rho|\omega\rangle$, which follows Beta(k, k (d - 1)) for G of shape d x k."""
        d, k = self.levels, self.rank
        return float(np.sqrt((1 / d) * (1 - 1 / d) / (d * k + 1)))

    def dimension(self) -> int:
        """How many numbers the probabilities depend on: the rank of their Jacobian at a random state."""
        (state,) = random_states(1, self.levels, self.rank, seed=0)
        singular = np.linalg.svd(_slopes(self.apparatus[0], state)[1], compute_uv=False)
        return int((singular > SMALLEST * singular[0]).sum())

    def shot_error(self) -> float:
        r"""The error that finite shots leave, if there are many: $q^T F^{-1} q$ in the mean over states and questions.

        F is the Fisher information of the counts about the state, $\sum_i n \nabla p_i \nabla p_i^T / p_i (1 - p_i)$,
        and q the slope of the answer (Cramer and Rao). 0 for exact probabilities.

        Raises:
            ValueError: for an incomplete set of projectors: some of the state is never seen.
        """
        if self.span is not None:
            raise ValueError(f"span is {self.span}; shots of an incomplete set leave an error of another kind")
        if self.shots is None:
            return 0.0
        variances = []
        states = random_states(STATES, self.levels, self.rank, seed=0)
        for state, asked in zip(states, random_states(STATES, self.levels, 1, seed=1), strict=True):
            p, slopes = _slopes(self.apparatus[0], state)
            fisher = (slopes.T * (self.shots / (p * (1 - p)))) @ slopes
            _, turn = _slopes(asked.T, state)
            # G and its products with a unitary matrix are one state, which the inverse must not count.
            inverse = np.linalg.pinv(fisher, rcond=SMALLEST, hermitian=True)
            variances.append(float(np.squeeze(turn @ inverse @ turn.T)))
        return float(np.sqrt(np.mean(variances)))


def random_states(count: int, levels: int, rank: int, seed: int) -> Complex[np.ndarray, "count levels rank"]:
    """Matrices G of unit length, uniform: pure states are those of rank 1."""
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(count, levels, rank)) + 1j * rng.normal(size=(count, levels, rank))
    return found / np.linalg.norm(found, axis=(1, 2), keepdims=True)


def sample(tomography: Tomography, questions: int, *, key: PRNGKeyArray) -> Sample:
    for_states, for_shots = jax.random.split(key)
    observing, naming = (jnp.asarray(projectors, jnp.complex64) for projectors in tomography.apparatus)
    d, k = tomography.levels, tomography.rank
    parts = jax.random.normal(for_states, (2, k + questions, d), jnp.float32)
    vectors = jax.lax.complex(parts[0], parts[1])
    state = vectors[:k] / jnp.linalg.norm(vectors[:k]).astype(jnp.complex64)
    asked = vectors[k:] / jnp.linalg.norm(vectors[k:], axis=1, keepdims=True).astype(jnp.complex64)
    seen = overlaps(state, observing).sum(axis=1)
    if tomography.shots is not None:
        # Rounding may leave a probability a little outside [0, 1].
        chance, shots = jnp.clip(seen, 0, 1), jnp.float32(tomography.shots)
        seen = jax.random.binomial(for_shots, shots, chance, dtype=jnp.float32) / shots
    density = state.T @ state.conj()
    above = density[np.triu_indices(d, 1)]
    return Sample(
        jnp.concatenate([jnp.diagonal(density).real[:-1], above.real, above.imag]),
        seen,
        overlaps(naming, asked),
        overlaps(state, asked).sum(axis=1, keepdims=True),
    )


def overlaps(vectors: Complex[Array, "m d"], states: Complex[Array, "n d"]) -> Float[Array, "n m"]:
    """|<vector|state>|^2 for every state and vector."""
    return jnp.abs(states @ vectors.conj().T) ** 2


def _slopes(
    projectors: Complex[np.ndarray, "m d"], state: Complex[np.ndarray, "d k"]
) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, "m parameters"]]:
    """Probabilities and their derivatives by the real and imaginary parts of G, where |G| = 1."""
    amplitudes = projectors.conj() @ state
    p = (np.abs(amplitudes) ** 2).sum(axis=1)
    slope = 2 * (projectors[:, :, None] * amplitudes[:, None, :] - p[:, None, None] * state)
    flat = slope.reshape(len(p), -1)
    return p, np.concatenate([flat.real, flat.imag], axis=1)


# What no network can do about real projectors on one qubit: the sign of one Bloch component stays unknown, the answer
# is (1 + r.s)/2, and the variance of the unknown part is 1/4 <r_y^2> <s_y^2> = 1/36.
REAL_QUBIT_ERROR = 1 / 6

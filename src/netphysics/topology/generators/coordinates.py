"""Coordinates in which a flow carries flat phase space to the events of a process.

In all of them the prior is exactly flat phase space, and every point is an event that conserves momentum.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from ..phase_space import (
    PhaseSpace,
    conformal,
    conserve,
    event_of_frame,
    frame_event,
    frame_of_spinors,
    free_momenta,
    from_sphere,
    relative_basis,
    release,
    to_sphere,
)

Point = Float[Array, " m"]
LEAST = 1e-6


@dataclass(frozen=True)
class Coordinates(ABC):
    """Coordinates of massless events with total energy 1.

    Where there are more numbers than phase space has dimensions, `encode` draws what the event does not tell from the
    prior's law of it; the same key draws the same for all events. Paths are straight lines but on the sphere.
    """

    bodies: int

    @property
    @abstractmethod
    def numbers(self) -> int:
        """Numbers of a point."""

    @abstractmethod
    def encode(self, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Point:
        """A point of an event."""

    @abstractmethod
    def decode(self, point: Point) -> Float[Array, "n 4"]:
        """The event of a point."""

    def prior(self, *, key: PRNGKeyArray) -> Point:
        """A point of flat phase space."""
        for_event, for_rest = jax.random.split(key)
        return self.encode(frame_event(self.bodies, key=for_event), key=for_rest)

    def path(self, start: Point, end: Point, time: Float[Array, ""]) -> tuple[Point, Point]:
        """Where the path from start to end is at a time between 0 and 1, and its velocity there."""
        return start + time * (end - start), end - start

    def move(self, point: Point, velocity: Point) -> Point:
        """The point after a short step."""
        return point + velocity


class Turning(Coordinates):
    """Coordinates that are linear in momenta, one for each particle, and turn with them."""

    @abstractmethod
    def momenta(self, point: Point) -> Float[Array, "n 3"]:
        """The momenta of a point, as they are before the event is scaled or boosted."""

    @abstractmethod
    def point(self, momenta: Float[Array, "n 3"]) -> Point:
        """The point, or velocity of a point, of momenta, or velocities of momenta."""


class Sphere(Turning):
    """The sphere that phase space is; paths are arcs of great circles."""

    @property
    def numbers(self) -> int:
        return 3 * self.bodies - 3

    def encode(self, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Point:
        return to_sphere(event)

    def decode(self, point: Point) -> Float[Array, "n 4"]:
        return from_sphere(point, PhaseSpace.massless(self.bodies))

    def momenta(self, point: Point) -> Float[Array, "n 3"]:
        return jnp.asarray(relative_basis(self.bodies), point.dtype).T @ point.reshape(-1, 3)

    def point(self, momenta: Float[Array, "n 3"]) -> Point:
        return (jnp.asarray(relative_basis(self.bodies), momenta.dtype) @ momenta).ravel()

    def path(self, start: Point, end: Point, time: Float[Array, ""]) -> tuple[Point, Point]:
        # Points opposite to each other have no one arc between them, and are never drawn.
        angle = jnp.arccos(jnp.clip(start @ end, -1 + LEAST, 1 - LEAST))
        scale = 1 / jnp.sin(angle)
        here = scale * (jnp.sin((1 - time) * angle) * start + jnp.sin(time * angle) * end)
        return here, scale * angle * (jnp.cos(time * angle) * end - jnp.cos((1 - time) * angle) * start)

    def move(self, point: Point, velocity: Point) -> Point:
        moved = point + velocity - (point @ velocity) * point
        return moved / jnp.sqrt(moved @ moved)


class Plane(Coordinates):
    """As many real numbers as phase space has dimensions: direction and distance from a pole of the sphere.

    The opposite pole is torn: it is all of a sphere of radius pi.
    """

    @property
    def numbers(self) -> int:
        return 3 * self.bodies - 4

    def encode(self, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Point:
        point = to_sphere(event)
        across = jnp.sqrt(jnp.sum(point[:-1] ** 2))
        return jnp.arctan2(across, point[-1]) * point[:-1] / across

    def decode(self, point: Point) -> Float[Array, "n 4"]:
        distance = jnp.sqrt(point @ point)
        on_sphere = jnp.append(jnp.sinc(distance / jnp.pi) * point, jnp.cos(distance))
        return from_sphere(on_sphere, PhaseSpace.massless(self.bodies))


class Rambo(Turning):
    """Momenta before RAMBO conserves them, 3n numbers, as in arXiv:2604.02415; here with the flat prior."""

    @property
    def numbers(self) -> int:
        return 3 * self.bodies

    def prior(self, *, key: PRNGKeyArray) -> Point:
        return free_momenta(self.bodies, key=key)[:, 1:].ravel()

    def encode(self, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Point:
        # Boost and scale of free momenta do not depend on the event that they become.
        return release(event, *conformal(free_momenta(self.bodies, key=key)))[:, 1:].ravel()

    def decode(self, point: Point) -> Float[Array, "n 4"]:
        momenta = self.momenta(point)
        energies = jnp.sqrt(jnp.sum(momenta**2, axis=1, keepdims=True))
        return conserve(jnp.concatenate([energies, momenta], axis=1))

    def momenta(self, point: Point) -> Float[Array, "n 3"]:
        return point.reshape(-1, 3)

    def point(self, momenta: Float[Array, "n 3"]) -> Point:
        return momenta.ravel()


class Spinors(Coordinates):
    """Two complex vectors before they are made orthonormal, 4n normal numbers: the prior of every flow matching."""

    @property
    def numbers(self) -> int:
        return 4 * self.bodies

    def prior(self, *, key: PRNGKeyArray) -> Point:
        return jax.random.normal(key, (self.numbers,), jnp.float32)

    def encode(self, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Point:
        for_phases, for_rest = jax.random.split(key)
        fraction = jnp.maximum(event[:, 0] + event[:, 3], LEAST**2)
        size = jnp.sqrt(fraction)
        phase = jax.random.uniform(for_phases, (self.bodies,), jnp.float32, 0, 2 * jnp.pi)
        cosine, sine = jnp.cos(phase), jnp.sin(phase)
        a = size[None] * jnp.stack([cosine, sine])
        px, py = event[:, 1], event[:, 2]
        b = jnp.stack([cosine * px - sine * py, sine * px + cosine * py]) / size[None]
        # Lengths and overlap of random vectors do not depend on the frame that they become.
        other = jax.random.normal(for_rest, (4, self.bodies), jnp.float32)
        frame = frame_of_spinors(other)
        length = jnp.sqrt(jnp.sum(other[:2] ** 2))
        across = jnp.sum(frame[2:] * other[2:])
        real = jnp.sum(frame[:2] * other[2:])
        imaginary = jnp.sum(frame[0] * other[3] - frame[1] * other[2])
        turned = jnp.stack([-a[1], a[0]])
        return jnp.concatenate([length * a, across * b + real * a + imaginary * turned]).ravel()

    def decode(self, point: Point) -> Float[Array, "n 4"]:
        return event_of_frame(frame_of_spinors(point.reshape(4, self.bodies)))


COORDINATES: dict[str, Callable[[int], Coordinates]] = {
    "sphere": Sphere,
    "plane": Plane,
    "rambo": Rambo,
    "spinors": Spinors,
}

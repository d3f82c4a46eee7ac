"""How many edges of a graph does a plane tear? At least as many as must be removed before it can be drawn there.

A graph in space, its edges straight, goes through an autoencoder with two plain numbers as its latent. Where two edges
without a common vertex share a code, one answer serves points that are at least 1 apart, and one of the edges has
an error of 1/2 or more: it is torn. The edges that are not torn cross nowhere in the plane but at common vertices;
by the theorem of Hanani and Tutte they are a planar graph. So the number of torn edges is at least the skewness, for
every network. Three plain numbers hold every graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Equation, Experiment, Results, Study, budget, grid, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.topology.autoencoders import Options, errors, images, make_training
from netphysics.topology.manifolds import (
    DISTANCE_OF_EDGES,
    Graph,
    complete_bipartite_graph,
    complete_graph,
)
from netphysics.topology.obstructions import tear_bound

from .options import AutoencoderConfig, seeds

Name = Literal["k4", "k5", "k6", "k3-3"]
GRAPHS: dict[str, Graph] = {
    graph.name: graph for graph in (*map(complete_graph, (4, 5, 6)), complete_bipartite_graph(3, 3))
}
LATENTS = {"R2": 2, "R3": 3}
# Points of an edge where errors are measured.
PLACES = 101


@dataclass(frozen=True)
class Config(AutoencoderConfig):
    """Options of the graphs."""

    graphs: tuple[Name, ...] = option(("k4", "k5", "k6", "k3-3"), distinct=True)
    """Complete graphs of 4, 5 and 6 vertices, and the complete bipartite graph of 3 and 3."""
    steps: int = option(3000, least=1)
    """Steps of training."""
    draws: int = budget(32)
    """Trainings of each kind."""
    block_size: int = 8
    """Trainings in one program."""

    presets: ClassVar = {
        "quick": {"graphs": ("k4", "k5"), "steps": 1200, "draws": 8, "block_size": 2},
        "paper": {"steps": 10_000, "draws": 256},
    }


def cells(config: Config) -> list[Cell]:
    return grid(graph=config.graphs, latent=LATENTS)


def predict(config: Config) -> Results:
    return {
        cell.name: {"torn": Estimate.exact(tear_bound(GRAPHS[cell["graph"]], LATENTS[cell["latent"]]).value)}
        for cell in cells(config)
    }


def edge_points(graph: Graph) -> np.ndarray:
    """Points all along every edge, shape (edges, PLACES, vertices)."""
    places = jnp.tile(jnp.linspace(0, 1, PLACES, dtype=jnp.float32), len(graph.edges))
    which = jnp.repeat(jnp.arange(len(graph.edges), dtype=jnp.int32), PLACES)
    return np.asarray(graph.points(which, places)).reshape(len(graph.edges), PLACES, graph.vertices)


def measure(config: Config, cell: Cell) -> Experiment:
    graph = GRAPHS[cell["graph"]]
    train = make_training(graph.vertices, cell["latent"], Options(config.width, config.steps, config.batch))
    cloud = graph.space().draw(config.points, key=jax.random.key(config.seed))
    along = edge_points(graph)
    needed = tear_bound(graph, LATENTS[cell["latent"]]).value

    def experiment(keys: Any) -> dict[str, Any]:
        flat = along.reshape(-1, graph.vertices)
        found = errors(flat, images(train(keys, None, cloud).models, flat)[1])
        worst = found.distances.reshape(len(keys), len(graph.edges), PLACES).max(axis=2)
        torn = np.sum(worst >= DISTANCE_OF_EDGES / 2, axis=1)
        return {"torn": torn.sum(), "enough": np.sum(torn >= needed), "whole": np.sum(torn == 0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    return {name: tally.mean(name) for name in ("torn", "enough", "whole")}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for name in config.graphs:
        # A planar graph need not be torn, so that there is nothing to claim.
        if needed := int(predicted[f"{name}-R2"]["torn"].value):
            hits, trials = seeds(measured[f"{name}-R2"]["enough"])
            yield Claim.count(
                f"skewness-{name}",
                f"{title(name)} through two plain numbers: {needed} or more torn edges in every seed",
                trials,
                hits,
                "theory",
                "the theorem of Hanani and Tutte",
            )
        yield Claim.fraction(
            f"space-{name}",
            f"{title(name)} through three plain numbers: no torn edge in more than a quarter of seeds",
            0.25,
            *seeds(measured[f"{name}-R3"]["whole"]),
            "conjecture",
            "every graph embeds in space",
        )


def title(name: str) -> str:
    """A graph as mathematics writes it."""
    return name.upper().replace("-", ",")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    caption = (
        "Edges with an error of half the distance of edges somewhere. Lines are the skewness, the least number of "
        "edges without which the graph is planar: no network can do with fewer in two plain numbers. Training tears "
        "some more."
    )
    values = {
        f"{count} plain numbers": {title(name): measured[f"{name}-{latent}"]["torn"] for name in config.graphs}
        for latent, count in LATENTS.items()
    }
    needed = {title(name): float(predicted[f"{name}-R2"]["torn"].value) for name in config.graphs}
    yield categories("torn-edges", caption, values, y="torn edges", places="graph", expected=needed)


study = Study.from_module(
    __name__,
    question="How many edges of a graph does an autoencoder tear that has only a plane to write in?",
    equations=(
        Equation(
            r"\#\{\text{torn edges}\} \ge \mu(G)",
            "torn: an error of half the distance of edges; the skewness",
            (
                ("G", "a graph"),
                (r"\mu(G)", "skewness: the fewest edges without which it is planar"),
            ),
        ),
        Equation(
            r"\mu(K_n) = \binom{n}{2} - 3 n + 6",
            "the skewness of complete graphs, n at least 3",
            (("K_n", "complete graph of $n$ vertices"),),
        ),
    ),
    cites=("Batson2021",),
)

"""Studies that ask what two wings know together: diagrams of polygons, conformance on small options."""

import math

import numpy as np
import pytest

from netphysics.knots.invariants import identify, is_unknot
from netphysics.studies.bridges import latent_topology, random_polygons
from netphysics.studies.bridges.projection import diagram_of_polygon, total_curvature
from netphysics.testing import check_study

SMALL = {
    latent_topology: dict(states=("pure",), steps=20, width=8, draws=4),
    random_polygons: dict(edges=(4, 6, 32), draws=40, block_size=10),
}


def turned(corners):
    """The same polygon, seen from elsewhere."""
    return corners @ np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]


def test_polygons_are_the_knots_that_they_are():
    t = 2 * np.pi * np.arange(40) / 40 + 0.01
    trefoil = np.stack([np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)], axis=1)
    names = {identify(diagram_of_polygon(each)).name for each in (trefoil, trefoil * [1, 1, -1])}
    assert names == {"3_1", "m3_1"}
    figure_eight = np.stack(
        [(2 + np.cos(2 * t)) * np.cos(3 * t), (2 + np.cos(2 * t)) * np.sin(3 * t), np.sin(4 * t)], 1
    )
    assert identify(diagram_of_polygon(turned(figure_eight))).name in ("4_1", "m4_1")
    # No two edges of it are parallel.
    around = np.sort(np.random.default_rng(2).uniform(0, 2 * np.pi, 41))
    circle = np.stack([np.cos(around), np.sin(around), 0 * around], axis=1)
    assert is_unknot(diagram_of_polygon(turned(circle))).answer == "yes"
    assert total_curvature(circle) == pytest.approx(2 * math.pi)


def test_diagrams_fit_into_the_plane():
    rng = np.random.default_rng(1)
    for _ in range(20):
        diagram = diagram_of_polygon(np.cumsum(rng.standard_normal((20, 3)), axis=0))
        assert diagram.components == 1
        assert not len(diagram) or len(diagram.faces) == len(diagram) + 2


def test_bad_options_are_named():
    with pytest.raises(ValueError, match="states holds 'cat'; it must be one of pure, mixed, real"):
        latent_topology.Config(states=("cat",))


@pytest.mark.slow
@pytest.mark.parametrize("module", SMALL, ids=lambda module: module.study.name)
def test_conformance(module, tmp_path):
    check_study(module.study, module.Config(**SMALL[module]), tmp_path)

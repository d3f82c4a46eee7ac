"""Studies of topology: conformance on tiny budgets."""

import pytest

from netphysics.studies.topology import circle_tear, graph_tears, manifold_zoo
from netphysics.testing import check_study

TINY = {"width": 4, "batch": 8, "points": 64, "draws": 4, "block_size": 1}


def test_circle_tear(tmp_path):
    run = check_study(circle_tear.study, circle_tear.Config(steps=(5, 10), **TINY), tmp_path)
    assert {claim.id for claim in run.claims} == {"floor", "worst", "mean", "uniform", "whole-s1", "whole-r2"}
    # Theorems hold for networks that have learned nothing, too.
    assert run.claims[0].verdict == "agrees"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "config"),
    [
        (graph_tears.study, graph_tears.Config(graphs=("k5",), steps=10, **TINY)),
        (manifold_zoo.study, manifold_zoo.Config(spaces=("torus-2",), steps=10, **{**TINY, "points": 256})),
    ],
    ids=["graph-tears", "manifold-zoo"],
)
def test_graphs_and_spaces(study, config, tmp_path):
    run = check_study(study, config, tmp_path)
    assert [claim.verdict for claim in run.claims if claim.origin == "theory"] == ["agrees"]

"""The look of the house: what is drawn, and that nothing outside is touched."""

import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgb

from netphysics.report import (
    draw_measured,
    draw_published,
    draw_theory,
    figure,
    legend,
    name_axes,
    ordered_roles,
    slope_guide,
)
from netphysics.report.palette import ROLES, SWEEP, WINGS, role_of
from netphysics.stats import Estimate

X = np.array([1.0, 10.0, 100.0])


def luminance(color):
    """Relative luminance of the WCAG."""
    channels = np.array(to_rgb(color))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_every_color_stands_for_one_role():
    assert len({role.light for role in ROLES.values()}) == len(ROLES)
    assert len({role.marker for role in SWEEP.values()}) == len(SWEEP)


@pytest.mark.parametrize("name", [name for name in ROLES if name not in ("rule", "wash", "paper")])
def test_every_role_is_seen_on_both_papers(name):
    least = 3.0 if name in SWEEP or name in WINGS else 4.0
    assert contrast(ROLES[name].light, ROLES["paper"].light) > least
    assert contrast(ROLES[name].dark, ROLES["paper"].dark) > least


def test_a_sweep_is_ordered_in_gray():
    for page in ("light", "dark"):
        steps = [luminance(getattr(role, page)) for role in SWEEP.values()]
        assert np.all(np.diff(steps) > 0)


def test_a_sweep_spreads_over_the_ramp():
    assert ordered_roles(1) == ["sweep-1"]
    assert ordered_roles(3) == ["sweep-1", "sweep-5", "sweep-9"]
    assert ordered_roles(9) == list(SWEEP)
    with pytest.raises(ValueError, match="count is 10; a figure can tell 1 to 9"):
        ordered_roles(10)


def test_an_unknown_role_is_named():
    with pytest.raises(ValueError, match="role is 'haar'; it must be one of gaussian, orthogonal"):
        role_of("haar")


def test_theory_is_a_line_measurement_points_literature_open():
    _, (axes,) = figure()
    name_axes(axes, "$x$", "$y$", log="xy")
    draw_theory(axes, X, X, "gaussian", "a")
    draw_measured(axes, X, Estimate(X, 0.1 * X, 10), "gaussian", "a")
    draw_published(axes, X, X, "orthogonal", "b")
    line, points, opened = axes.lines[0], axes.containers[0].lines[0], axes.containers[1].lines[0]
    assert line.get_linestyle() == "-" and line.get_marker() == "None"
    assert points.get_linestyle() == "None" and points.get_marker() == "o"
    assert same_color(opened.get_markerfacecolor(), ROLES["paper"].light) and opened.get_marker() == "s"
    legend(axes)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]


def test_a_band_holds_one_standard_error():
    _, (axes,) = figure()
    draw_measured(axes, X, Estimate(X, 0.5 * np.ones(3), 10), "other", band=True)
    vertices = axes.collections[0].get_paths()[0].vertices
    assert {tuple(v) for v in vertices} >= {(1.0, 0.5), (1.0, 1.5), (100.0, 100.5)}


def test_untrusted_points_are_pale():
    _, (axes,) = figure()
    draw_measured(axes, X, Estimate(X, 0.1 * X, 10, trusted=[True, False, True]), "gaussian", "a")
    assert [container.lines[0].get_alpha() for container in axes.containers] == [1.0, 0.4]
    assert len(axes.get_legend_handles_labels()[1]) == 1


def test_a_log_axis_loses_no_point_silently():
    _, (axes,) = figure()
    name_axes(axes, "$x$", "$y$", log="y")
    draw_measured(axes, X, Estimate([1.0, -0.1, -5.0], [0.1, 0.2, 0.1], 10), "gaussian")
    values, arrow = axes.containers
    assert values.lines[0].get_ydata().tolist() == [1.0]
    assert arrow.lines[1][0].get_ydata() == pytest.approx([0.3 - 0.15])
    assert [text.get_text() for text in axes.texts] == ["1 below 0"]


def test_the_guide_has_its_slope():
    _, (axes,) = figure()
    name_axes(axes, "$x$", "$y$", log="xy")
    slope_guide(axes, (1.0, 100.0), 5.0, -2.0)
    assert axes.lines[0].get_ydata() == pytest.approx([5.0, 5e-4])
    assert axes.texts[0].get_text() == "slope −2"


@pytest.mark.parametrize(("limits", "shown"), [((1, 1000), "100"), ((1, 1e6), "$10^{2}$")])
def test_labels_of_a_log_axis(limits, shown):
    _, (axes,) = figure()
    name_axes(axes, "$x$", "$y$", log="x")
    axes.set_xlim(limits)
    assert axes.xaxis.get_major_formatter()(100.0) == shown


def test_a_wrong_scale_is_named():
    with pytest.raises(ValueError, match="log is 'yx'"):
        name_axes(figure()[1][0], "x", "y", log="yx")


def test_nothing_outside_is_touched():
    before = dict(matplotlib.rcParams)
    _, axes = figure(panels=2)
    legend(axes[0])
    assert dict(matplotlib.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules

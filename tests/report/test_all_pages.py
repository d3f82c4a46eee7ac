"""The page of every quick preset in the browser: nothing hidden, cut or tiny, the picture on the first screen."""

import pytest

import netphysics
from netphysics.lab import catalog

# It asks about a table of the reader's own.
NEEDS_DATA = {"discover"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(catalog.names()) - NEEDS_DATA))
def test_the_page_of_a_quick_preset(open_page, layout_faults, tmp_path, name):
    report = netphysics.run(name, preset="quick", out=tmp_path).report
    for width in (390, 1280):
        page = open_page(report.as_uri(), width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert layout_faults(page) == []
    assert page.locator("figure .canvas, figure .drawings").first.bounding_box()["y"] < 450

"""What a real browser makes of report and gallery: no request, no complaint, room at every width."""

import html as escaping

import pytest

from netphysics.report import write_gallery


@pytest.fixture(scope="module")
def files(folder):
    """Paths of a report and of the gallery it is in."""
    return {"report": folder / "four-point" / "0123456789" / "report.html", "gallery": write_gallery(folder)}


def color(page, selector, name):
    return page.eval_on_selector(selector, f"element => getComputedStyle(element).{name}")


@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "gallery"])
def test_it_fits_every_screen(open_page, files, tmp_path, name, scheme, width):
    page = open_page(files[name].as_uri(), width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = {"light": "rgb(253, 252, 249)", "dark": "rgb(21, 23, 27)"}[scheme]
    assert color(page, "html", "backgroundColor") == paper
    shot = tmp_path / f"{name}-{scheme}-{width}.png"
    page.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 10_000


def test_the_reader_can_change_the_theme(open_page, files):
    page = open_page(files["report"].as_uri())
    label = ".plot text"
    assert color(page, label, "fill") == "rgb(31, 34, 39)"
    page.click(".theme")
    assert color(page, label, "fill") == "rgb(230, 227, 220)"
    page.reload()
    assert color(page, label, "fill") == "rgb(230, 227, 220)"
    page.click(".theme")
    assert color(page, label, "fill") == "rgb(31, 34, 39)"


def test_figures_are_set_in_the_page_s_font_and_large_enough(open_page, files):
    for width in (360, 1400):
        page = open_page(files["report"].as_uri(), width)
        assert "Times" in color(page, ".plot text", "fontFamily")
        heights = page.eval_on_selector_all(".plot text", "all => all.map(t => t.getBoundingClientRect().height)")
        assert min(heights) > 8


def test_the_table_of_a_figure_downloads(open_page, files):
    page = open_page(files["report"].as_uri())
    page.click("#correlators summary")
    with page.expect_download() as download:
        page.click("#correlators a[download]")
    assert download.value.suggested_filename == "four-point-correlators.csv"
    assert download.value.path().read_text().startswith("width $N$,activation,")


def test_the_filter_finds_cards(open_page, files):
    page = open_page(files["gallery"].as_uri())
    for words, shown in (("finding fields", 2), ("knots", 0), ("FOUR-point orthogonal", 1)):
        page.fill(".filter", words)
        assert page.locator(".card:visible").count() == shown


def test_it_sits_in_a_notebook_s_frame(open_page, files, tmp_path):
    frame = f'<iframe srcdoc="{escaping.escape(files["report"].read_text())}" width="700" height="900"></iframe>'
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f'<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><p>cell</p>{frame}</html>')
    page = open_page(notebook.as_uri())
    inner = page.frames[1]
    inner.click(".theme")
    assert inner.locator(".plot").count() == 3
    assert color(page, "p", "fontFamily") != color(inner, "p", "fontFamily")  # its style stays inside


def test_it_prints_on_white(open_page, files):
    page = open_page(files["report"].as_uri(), scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert color(page, "body", "color") == "rgb(31, 34, 39)"
    assert not page.is_visible(".theme")


def crowded_page(make_run, folder):
    """A page whose figures are drawn as badly as one can: legends on data, labels on each other and on lines."""
    import numpy as np

    from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, page
    from netphysics.stats import Estimate

    x = np.linspace(0, 10, 40)
    plot, places = figure(panels=3)
    for axes, title in zip(
        places, ("left", "a title that is far too long for a panel of this width", "right"), strict=True
    ):
        name_axes(axes, "x", "a label of the vertical axis that is much longer than the axis itself", title=title)
        draw_theory(axes, x, np.sin(x), "gaussian", "a line that fills everything")
        draw_measured(axes, x, Estimate(np.cos(x), 0.1, 10), "orthogonal", "points")
        for k in range(4):
            axes.annotate(f"label {k}", (10, 0.02 * k), xytext=(3, 0), textcoords="offset points", fontsize=6)
        legend(axes, loc="center")
    single, (axes,) = figure()
    name_axes(axes, "knot", "count")
    axes.plot([f"a rather long name {i}" for i in range(7)], range(7), "o")
    shown = [
        Figure("crowd", "Crowded.", plot, Table(("a",), [(1,)])),
        Figure("names", "N.", single, Table(("a",), [(1,)])),
    ]
    path = folder / "crowded.html"
    path.write_text(page(make_run(folder), shown))
    return path


@pytest.mark.parametrize("name", ["report", "crowded"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_hidden_cut_or_tiny(open_page, layout_faults, files, make_run, tmp_path, name, width):
    path = files["report"] if name == "report" else crowded_page(make_run, tmp_path)
    shown = open_page(path.as_uri(), width)
    assert layout_faults(shown) == []
    picture = shown.locator("figure .canvas").first.bounding_box()
    assert picture["y"] + picture["height"] <= 900 or width < 1280


def test_faults_of_a_layout_are_found(open_page, layout_faults, tmp_path):
    words = '<g class="words"><text x="0" y="{y}" style="font-size: {size}px">words</text></g>'
    inner = words.format(y=20, size=12) + words.format(y=24, size=12) + words.format(y=60, size=6)
    bad = f"""<!DOCTYPE html><link rel="icon" href="data:,"><body style="margin: 0"><figure id="f"><div class="canvas">
        <svg class="plot" viewBox="0 0 100 100" width="100" height="100">{inner}
        <path d="M0 56L60 60" style="fill: none; stroke: black"/></svg></div></figure>
        <p style="width: 2000px; text-align: right">far</p><p style="font-size: 8px">small</p>"""
    (tmp_path / "bad.html").write_text(bad)
    faults = "\n".join(layout_faults(open_page((tmp_path / "bad.html").as_uri(), 390)))
    for sentence in (
        "lies on “words”",
        "lies on a mark",
        "is 6.0 pixels high",
        "is 8 pixels high",
        "pixels wide",
        "“far” is cut",
    ):
        assert sentence in faults

"""What a real browser makes of report and gallery: no request, no complaint, room at every width."""

import html as escaping
import shutil

import pytest

from netphysics.report import write_gallery

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Not every machine has a browser; what gates a landing installs one (.ci/run), so that there nothing is skipped.
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


@pytest.fixture(scope="module")
def files(folder):
    """Paths of a report and of the gallery it is in."""
    return {"report": folder / "four-point" / "0123456789" / "report.html", "gallery": write_gallery(folder)}


@pytest.fixture
def open_page(browser):
    """Opens a page that must stay silent and alone: `open_page(url, width, scheme)`."""
    faults, pages = [], []

    def watch(request):
        if not request.url.startswith(("file:", "data:", "about:")):
            faults.append(request.url)

    def opened(url, width=1000, scheme="light"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.on("request", watch)
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for page in pages:
        page.close()
    assert not faults


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

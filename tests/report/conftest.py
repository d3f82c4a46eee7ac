"""A finished run to show: the connected 4- and 6-point functions of one-hidden-layer networks against width.

Its numbers are made here from the laws 1/N and 1/N^2, with noise of a fixed seed, so that no network has to
be drawn. Each verdict, a claim about an array, an untrusted error bar and a hostile string are all in it.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import pytest

from netphysics.lab import Equation, Run, Study, StudyConfig
from netphysics.lab.netcdf import to_netcdf
from netphysics.lab.provenance import provenance
from netphysics.lab.store import CLAIMS, RECORD, RESULT, THEORY, Store, to_json
from netphysics.report import (
    Figure,
    Table,
    draw_measured,
    draw_published,
    draw_theory,
    figure,
    legend,
    name_axes,
    ordered_roles,
    page,
    slope_guide,
    write_report,
)
from netphysics.stats import Claim, Estimate

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LAYOUT = Path(__file__).parent / "layout.js"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HOSTILE = "<script>alert(1)</script>"
COUPLINGS = {"erf": (0.21, 0.9), "relu": (1.4, 21.0), "tanh": (0.094, 0.25)}


@dataclass(frozen=True)
class Config(StudyConfig):
    """The sweep of widths."""

    widths: tuple[int, ...] = (5, 10, 20, 50, 100, 200, 500)
    """Hidden widths."""
    init: Literal["gaussian", "orthogonal"] = "gaussian"
    """Ensemble of the weights."""
    note: str = ""
    """A remark."""
    explicit: bool = False
    """Draw weight matrices in full."""

    presets: ClassVar = {"quick": {}}


def predict(config):
    n = np.array(config.widths, float)
    return {
        name: {"four": Estimate.exact(four / n), "six": Estimate.exact(six / n**2)}
        for name, (four, six) in COUPLINGS.items()
    }


def experiment(config):
    random = np.random.default_rng(config.seed)
    results = {}
    for name, theory_of in predict(config).items():
        results[name] = {}
        for order, power in (("four", 0.6), ("six", 0.95)):
            value = theory_of[order].value
            error = 0.012 * value * (np.array(config.widths) / 5) ** power
            noisy = value + error * random.standard_normal(value.shape)
            results[name][order] = Estimate(noisy, error, 1_000_000, 488.0, np.arange(value.size) != 6)
    return results


def compare(config, predicted, measured_):
    four, six = measured_["erf"]["four"], measured_["erf"]["six"]
    return [
        Claim(
            "four-slope",
            "The connected four-point function $G_c^{(4)}$ falls as $1/N$: its slope is $-1$.",
            -1.0,
            Estimate(-0.9957, 0.0041, 1_000_000, 488.0),
            "theory",
            "arXiv:2008.08601, eq. (2.13)",
        ),
        Claim(
            "four-values",
            "At every width $G_c^{(4)}$ is the one-vertex diagram.",
            predicted["erf"]["four"][:6],
            four[:6],
            "theory",
            "arXiv:2008.08601, eq. (2.13)",
        ),
        Claim(
            "six-five",
            "At width $N = 5$ the six-point function is $0.036$.",
            predicted["erf"]["six"][0],
            six[0],
            "theory",
            "arXiv:2008.08601, eq. (3.4)",
        ),
        Claim(
            "published-cutoff",
            "The four-point coupling is independent of the cutoff.",
            0.0,
            Estimate(0.0040, 0.0009, 1_000_000, 488.0),
            "literature",
            "arXiv:2008.08601, sect. 4.2",
            reason="The published fit leaves out widths below 50, where the next order in $1/N$ matters.",
        ),
        Claim(
            "six-sign",
            f"The six-point function keeps its sign up to $N = 500$. {HOSTILE}",
            1.0,
            Estimate(1.1, 0.5, 1_000_000, 488.0),
            "conjecture",
            "ours",
            resolution=0.2,
        ),
    ]


def figures(config, predicted, measured_):
    widths = np.array(config.widths)
    plot, (left, right) = figure(panels=2)
    name_axes(left, "width $N$", "four-point $G_c^{(4)}$", log="xy")
    name_axes(right, "width $N$", "six-point $G_c^{(6)}$", log="xy")
    for axes, order in ((left, "four"), (right, "six")):
        for role, name in zip(ordered_roles(3), COUPLINGS, strict=True):
            draw_theory(axes, widths, predicted[name][order], role, label=name)
            draw_measured(axes, widths, measured_[name][order], role, label=name)
    draw_published(left, widths[1:4], 0.21 / widths[1:4] * 1.1, "sweep-1", label="published")
    slope_guide(left, (20, 200), 0.17, -1)
    slope_guide(right, (20, 200), 0.16, -2)
    legend(left)
    rows = [
        (int(n), name, predicted[name]["four"][i], measured_[name]["four"][i], measured_[name]["six"][i])
        for name in COUPLINGS
        for i, n in enumerate(widths)
    ]
    columns = ("width $N$", "activation", "$G_c^{(4)}$ theory", "$G_c^{(4)}$", "$G_c^{(6)}$")
    answer = Figure(
        "correlators",
        "Connected correlators fall as powers of the width. Lines are the diagrams of eq. (2.13), points "
        "a million networks each; $G_c^{(4)}$ falls as $1/N$ and $G_c^{(6)}$ as $1/N^2$.",
        plot,
        Table(columns, rows),
    )
    return [answer, kernel_figure()]


def kernel_figure():
    x = np.linspace(-1, 1, 41)
    plot, (axes,) = figure()
    name_axes(axes, "angle $\\theta/\\pi$", "kernel $K(\\theta)$")
    rows = []
    for role, shift in (("gaussian", 0.0), ("orthogonal", 0.15)):
        y = np.cos(np.pi * x / 2) - shift * (1 - x**2)
        noisy = Estimate(y + 0.01, np.full(41, 0.03), 1000)
        draw_theory(axes, x, y, role, label=role.capitalize())
        draw_measured(axes, x, noisy, role, label=role.capitalize(), band=True)
        rows += [(float(a), role, Estimate(b, 0.03, 1000)) for a, b in zip(x, y, strict=True)]
    legend(axes, loc="lower center")
    return Figure(
        "kernel",
        f"The kernel of both ensembles. {HOSTILE}",
        plot,
        Table(("angle", "ensemble", "kernel"), rows),
    )


study = Study(
    name="four-point",
    wing="fields",
    question="Do the correlators of a finite network fall as the powers of $1/N$ that its diagrams predict?",
    config=Config,
    cells=lambda config: [],
    predict=predict,
    measure=lambda config, cell: None,
    reduce=lambda config, cell, tally: {},
    compare=compare,
    figures=figures,
    equations=(
        Equation(
            r"G_c^{(4)} = \frac{1}{N}\left(\langle \sigma^4 \rangle - 3\langle\sigma^2\rangle^2\right)",
            "The connected four-point function of a network with one hidden layer of width $N$.",
        ),
        Equation(
            r"\chi_\perp = C_W \int \frac{dz}{\sqrt{2\pi K}}\, e^{-z^2/2K}\, \sigma'(z)^2 < 1",
            "The perpendicular susceptibility.",
        ),
    ),
    cites=("Halverson2021", "Day2023", "Roberts2022"),
)


def seal(run):
    """Store a run as the runner does."""
    store = Store(run.path)
    store.seal({THEORY: to_netcdf(run.predicted, run.record)})
    claims = to_json([claim.to_json() for claim in run.claims])
    store.seal({RESULT: to_netcdf(run.measured, run.record), CLAIMS: claims, RECORD: to_json(run.record)})


def make_run(path, **options):
    """The run as the runner would leave it, in the folder `path`."""
    config = Config(**options)
    predicted, measured_ = predict(config), experiment(config)
    record = {
        "study": study.name,
        "config": config.to_json(),
        "provenance": provenance(),
        "budget": {"draws": config.draws, "until_error": None},
        "blocks": {f"width-{n}": 489 for n in config.widths},
        "blocks_computed": 3423,
        "seconds": 41.72,
        "notes": ["000012.damaged of cell width-50 was damaged; it is computed again", HOSTILE],
    }
    return Run(study, config, predicted, measured_, compare(config, predicted, measured_), record, path)


@pytest.fixture(scope="session", name="make_run")
def make_run_fixture():
    return make_run


@pytest.fixture(scope="session")
def figures_of(run):
    return figures(run.config, run.predicted, run.measured)


@pytest.fixture(scope="session")
def html(run, figures_of):
    return page(run, figures_of)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "four-point" / "0123456789"
    return make_run(path, draws=1_000_000, note="it's $HOME", explicit=True)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder of two finished runs of one study with their reports, and one run that has not ended."""
    root = tmp_path_factory.mktemp("gallery")
    for name, options in (("0123456789", {}), ("abcdef0123", {"init": "orthogonal", "note": "<script>x"})):
        done = make_run(root / "four-point" / name, **options)
        seal(done)
        write_report(done)
    (root / "four-point" / "unfinished").mkdir()
    return root


@pytest.fixture(scope="session")
def browser():
    """The system's browser; not every machine has one, but what gates a landing installs it (.ci/run)."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)


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
    for each in pages:
        each.close()
    assert not faults


@pytest.fixture(scope="session")
def layout_faults():
    """What is wrong with the layout of an open page, as sentences: `layout_faults(page)`."""
    script = LAYOUT.read_text().split("\n", 2)[2]
    return lambda page: page.evaluate(script)

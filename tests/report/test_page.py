"""The report of a run: complete, self-contained, escaped, the same every time."""

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from netphysics.lab import run_study
from netphysics.report import Drawing, Figure, Table, command, export, figure, page, write_report
from netphysics.report.prose import mathml, number, prose
from netphysics.report.verdicts import format_pull, row, why
from netphysics.stats import Claim, Estimate


class Reader(HTMLParser):
    """All tags with their attributes, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def reader(html):
    return Reader(html)


def test_it_is_small_and_the_same_every_time(run, html):
    assert page(run, run.study.figures(run.config, run.predicted, run.measured)) == html
    assert len(html.encode()) < 300_000


def test_it_asks_nothing_of_the_network(html, reader):
    assert "@import" not in html and not re.search(r"url\((?!#|data:font/woff;)", html)
    for tag, attributes in reader.tags:
        assert "src" not in attributes and "srcset" not in attributes
        for name in ("href", "xlink:href"):
            link = attributes.get(name, "#")
            reference = tag == "a" and re.match(r"https://(arxiv\.org/abs|doi\.org)/", link)
            assert link.startswith(("#", "data:")) or reference
    assert "default-src 'none'" in html


def test_strings_of_a_study_are_text(html, reader):
    assert html.count("<script>") == 1  # the page's own
    assert "alert(1)</script>" not in html
    # claim, caption with its two uses in the SVG, note
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5


def test_it_opens_with_question_answer_and_picture(html):
    order = ["<h1>", 'class="answer"', 'id="correlators"', "<h2>Verdicts", "1 finding", 'class="claims"']
    order += ["<h2>Abstract", "<h2>Theory", 'id="kernel"', "<h2>Data", "<h2>How it was made", "<h2>References"]
    places = [html.index(mark) for mark in order]
    assert places == sorted(places)


def test_the_verdict_table_has_every_claim(run, html):
    text = " ".join(Reader(html).words)
    for claim in run.claims:
        assert claim.source in text
    assert "0.0040(9)" in text and "+4.4" in text
    assert "The published fit leaves out widths below 50" in text
    assert "The error bar is 0.5; a verdict takes 0.2 or less." in text
    assert "6 values" in text


def test_every_figure_has_its_table_twin_and_csv(figures_of, html, reader):
    downloads = {a["download"]: a["href"] for tag, a in reader.tags if tag == "a" and "download" in a}
    assert list(downloads) == ["four-point-correlators.csv", "four-point-kernel.csv"]
    assert all(link.startswith("data:text/csv;charset=utf-8,") for link in downloads.values())
    for item in figures_of:
        for cells in item.table.rows:
            for cell in cells:
                assert str(number(cell)) in html


def test_a_long_table_is_cut_but_not_its_csv(run):
    table = Table(("n",), [(n,) for n in range(1000)])
    text = page(run, [Figure("long", "Long.", figure()[0], table)])
    assert "The first 200 of 1,000 rows" in text
    assert "%0A999%0A" in text and "<td" in text and ">999<" not in text


def test_how_it_was_made(run, html):
    assert command(run) == """netphysics run four-point --note 'it'"'"'s $HOME' --explicit --draws 1000000"""
    assert '<dt><code>--explicit</code></dt><dd class="changed">yes</dd>' in html
    assert "<dt><code>--widths</code></dt><dd>5 10 20 50 100 200 500</dd>" in html
    assert "000012.damaged of cell width-50 was damaged" in html
    assert str(run.path.parent) not in html


def test_the_command_says_when_to_stop(make_run, tmp_path):
    run = make_run(tmp_path, widths=(5, 10), seed=3)
    run.record["budget"]["until_error"] = 0.02
    assert command(run) == "netphysics run four-point --widths 5 10 --seed 3 --until-error 0.02"


def test_references_and_bibtex(html):
    assert "James Halverson, Anindita Maiti and Keegan Stoner" in html
    assert 'href="https://arxiv.org/abs/2008.08601"' in html and "@article{Halverson2021," in html


def test_colors_follow_the_reader(html):
    assert "--gaussian: light-dark(#0165af, #7ebdfd);" in html
    assert "color-scheme: light dark" in html


def test_figures_need_names_of_their_own(run):
    twice = [Figure("a", "A.", figure()[0], Table((), [])) for _ in range(2)]
    with pytest.raises(ValueError, match="figure names are a, a; each must occur once"):
        page(run, twice)


def test_formulas_are_mathml_and_stay_text():
    assert str(prose("a < b & $x^2$")).startswith("a &lt; b &amp; <math")
    assert "<script>" not in mathml(r"\text{<script>alert(1)</script>}")
    assert "<script>" not in mathml(r"\href{javascript:0}{<script>}")
    assert "&lt;" in mathml("a < b") and "#x" not in mathml("a < b")
    assert mathml(r"\frac{1}{") == r"<code>\frac{1}{</code>"


def test_numbers_of_a_table():
    assert number(Estimate(0.004, 0.0009, 10)) == "0.0040(9)"
    assert number(Estimate(-4e-7, 0.9e-7, 10)) == "−4.0(9)×10<sup>−7</sup>"
    assert number(12345678) == "12345678"
    assert number(np.float64(1e-9)) == "1×10<sup>−9</sup>"
    assert number("a-b <i>") == "a-b &lt;i&gt;"


def claim(value, error=0.1, origin="theory", **more):
    return Claim("id", "Statement.", np.zeros_like(value), Estimate(value, error, 10, **more), origin, "x")


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (claim(0.1), ""),
        (claim(1.0), "must hold"),
        (claim(1.0, origin="literature"), "not borne out here; the reason is not known"),
        (claim(1.0, origin="conjecture"), "does not hold"),
        (claim(np.nan), "finite"),
        (claim(0.1, trusted=False), "dominate"),
    ],
)
def test_a_verdict_is_explained(case, says):
    assert says in why(case) and bool(says) == bool(why(case))


def test_a_large_claim_shows_its_largest_pulls():
    values = np.zeros((20, 10))
    values[3, 4] = -0.7
    shown = row(claim(values))
    assert (shown.total, len(shown.entries), shown.entries[0].index) == (200, 50, "3, 4")
    assert shown.entries[0].pull == shown.pull == "−7.0"
    assert shown.strip.marks[0] == (-1.0, True) and shown.strip.marks[1] == (0.0, False)


@pytest.mark.parametrize(
    ("case", "expected", "observed", "interval"),
    [
        (
            Claim.at_least("a", "S.", 0.275, Estimate(0.48, 0.05, 40), "literature", "x"),
            "≥\N{NO-BREAK SPACE}0.275",
            "0.48(5)",
            "0.35 to 0.61",
        ),
        (
            Claim.at_most("a", "S.", 5, Estimate(-3e4, 2e3, 40), "literature", "x"),
            "≤\N{NO-BREAK SPACE}5",
            "−30000(2000)",
            "−35200 to −24800",
        ),
        (
            Claim.within("a", "S.", 1, 0.1, Estimate(1.0, 0.01, 40), "literature", "x"),
            "1 to within 0.1",
            "1.000(10)",
            "0.974 to",
        ),
        (Claim.fraction("a", "S.", 0.5, 3, 4, "literature", "x"), "≥\N{NO-BREAK SPACE}0.5", "3 of 4", "to"),
        (Claim.count("a", "S.", 3, 4, "theory", "x"), "3", "4", ""),
    ],
)
def test_rows_of_every_kind(case, expected, observed, interval):
    shown = row(case)
    assert (shown.expected, shown.observed) == (expected, observed) and interval in shown.pull
    assert bool(shown.strip) == (case.kind != "count")


def test_pulls_are_readable():
    assert [format_pull(x) for x in (-4.2e4, 1.26, -0.04, 0.0, np.inf, -np.inf, np.nan)] == [
        "−4×10<sup>4</sup>",
        "+1.3",
        "0.0",
        "0",
        "+∞",
        "−∞",
        "—",
    ]


def test_a_real_run_gets_its_report_and_its_plots(run, tmp_path):
    study = dataclasses.replace(
        run.study,
        compare=lambda config, predicted, measured: [],
        figures=lambda config, predicted, measured: [Figure("one", "One.", figure()[0], Table((), []))],
    )
    done = run_study(study, run.config, tmp_path)
    assert write_report(done) == done.report
    assert "References" in done.report.read_text()
    (path,) = export(done, tmp_path, "pdf")
    assert path.name == "four-point-one.pdf" and path.read_bytes().startswith(b"%PDF")
    with pytest.raises(ValueError, match="format is 'gif'"):
        export(done, tmp_path, "gif")


PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><title>a &lt; b</title>'
    '<g stroke="currentColor" font-family="serif"><path d="M0,0 L40,20"/></g></svg>'
)


def drawn(run):
    drawings = [Drawing(PICTURE, ("$x^2$ & more", "<script>alert(1)</script>")), Drawing(PICTURE, pale=True)]
    return page(run, [Figure("drawings", "Two drawings.", drawings, Table(("a",), [(1,)]))])


def test_drawings_are_set_in_a_grid_with_words_under_them(run):
    html = drawn(run)
    assert html.count('<svg class="plot" viewBox="0 0 40 20" role="img" style="max-width: 40px">') == 2
    assert html.count('<div class="drawing">') == html.count('<div class="drawing pale">') == 1
    assert "<title>a &lt; b</title>" in html and 'stroke="currentColor"' in html
    assert 'font-family="serif"' not in html and "xmlns:ns" not in html
    assert "&amp; more" in html and "<script>alert" not in html
    assert "In every plot" not in html  # there is none


@pytest.mark.parametrize(
    ("markup", "sentence"), [("<svg", "is no XML"), ("<p/>", "one <svg> element"), ("<svg/>", "with a viewBox")]
)
def test_drawings_refuse_what_is_no_svg(markup, sentence):
    with pytest.raises(ValueError, match=sentence):
        Drawing(markup)


def test_drawings_are_exported_one_by_one(run, tmp_path):
    pictures = [Figure("drawings", "Two.", [Drawing(PICTURE)] * 2, Table(("a",), [(1,)]))]
    done = dataclasses.replace(run, study=dataclasses.replace(run.study, figures=lambda *results: pictures))
    paths = export(done, tmp_path, "pdf")
    assert [path.name for path in paths] == ["four-point-drawings-1.svg", "four-point-drawings-2.svg"]
    assert paths[0].read_text() == PICTURE

"""The page: one self-contained HTML file that answers a run's question and shows how."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from .. import __version__
from ..lab import Run, bibtex, formulas, reference
from . import prose
from .answer import answer
from .figure import Figure, TableEntry
from .font import font_face
from .palette import ROLES
from .reproduce import command, options
from .svg import inline, panels
from .verdicts import groups, standing, standing_counts

# What is longer in the verdict table may be broken, so that there is room for the statement.
LONGEST_NUMBER = 17
# A table twin shows this many rows; its CSV has them all.
MOST_ROWS = 200
TEMPLATES = files(__package__) / "templates"


@functools.cache
def templates() -> jinja2.Environment:
    """The templates, with escaping on: everything a study says is text, never markup."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (TEMPLATES / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": prose.prose,
        "capitalized": formulas.capitalized,
        "longer": lambda cell: " long" if len(cell.striptags()) > LONGEST_NUMBER else "",
        "plain": prose.plain,
        "number": prose.number,
        "mathml": prose.mathml,
        "plural": lambda count, noun: f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s",
        "unbroken": unbroken,
    }
    environment.globals["roles"] = ROLES
    return environment


def unbroken(line: str) -> Markup:
    """A line that may be broken between its words, but not at the hyphens of an option."""
    return Markup(" ").join(Markup('<span class="unbroken">{}</span>').format(word) for word in line.split(" "))


def page(run: Run, figures: Sequence[Figure]) -> str:
    """The report of a run as HTML: the question, the answer in a sentence and in a picture, verdicts, abstract, theory,
    further figures, data, how it was made, references. It loads nothing from anywhere and is the same for the same run.

    Raises:
        ValueError: for two figures of one name, or a citation that is not in the bibliography.
    """
    names = [figure.name for figure in figures]
    if len(set(names)) < len(names):
        raise ValueError(f"figure names are {', '.join(names)}; each must occur once")
    module = run.study.module
    prefix = f"run-{re.sub('[^A-Za-z0-9]', '', run.path.name)}"
    plates = [plate(run.study.name, figure, prefix) for figure in figures]
    return (
        templates()
        .get_template("page.html")
        .render(
            study=run.study,
            run=run,
            measures=run.study.measure is not None,
            answer=answer(run.claims),
            tally=standing_counts(standing(claim.origin, claim.verdict) for claim in run.claims),
            groups=groups(run.claims),
            kinds={claim.kind for claim in run.claims},
            abstract=abstract(sys.modules[run.study.compare.__module__].__doc__ or ""),
            symbols=dict(pair for equation in run.study.equations for pair in equation.symbols),
            plates=plates,
            font=font_face(*(panel for each in plates for panel in each["panels"])),
            options=options(run),
            command=command(run),
            references=[_reference(key, module) for key in run.study.cites],
            bibtex=bibtex(run.study.cites, module),
        )
    )


def abstract(text: str) -> list[str]:
    """The paragraphs of a study's docstring; one that only asks what the page has asked above is left out."""
    first, *others = prose.paragraphs(text) or [""]
    return others if first.endswith("?") and others else list(filter(None, [first, *others]))


def free_page(template: str, name: str, figures: Iterable[Figure] = (), **content: Any) -> str:
    """A page that shows no run, such as that of a diagnosis, as one self-contained HTML file.

    Args:
        template: file of the template; it gets the content, `plates` (its figures) and the version.
        name: begins the names of files that are downloaded from it, and every id in its figures.
    """
    plates = [plate(name, figure, name) for figure in figures]
    font = font_face(*(panel for each in plates for panel in each["panels"])) if plates else ""
    return templates().get_template(template).render(plates=plates, font=font, version=__version__, **content)


def plate(name: str, figure: Figure, prefix: str) -> dict[str, Any]:
    """A figure as the template needs it; `name` begins that of its file, `prefix` every id in it."""
    text = figure.table.csv()
    return {
        "name": figure.name,
        "drawings": [(Markup(inline(drawing)), drawing) for drawing in figure.drawings],
        "panels": [] if figure.drawings else [Markup(part) for part in panels(figure, prefix)],
        "caption": figure.caption,
        "columns": figure.table.columns,
        "kinds": [_kind(row[i] for row in figure.table.rows) for i in range(len(figure.table.columns))],
        "rows": figure.table.rows[:MOST_ROWS],
        "total": len(figure.table.rows),
        "csv": "data:text/csv;charset=utf-8," + quote(text),
        "file": f"{name}-{figure.name}.csv",
    }


def _kind(cells: Iterable[TableEntry]) -> str:
    """How a column is set: words to the left, numbers to the right."""
    return "word" if any(isinstance(cell, str) for cell in cells) else "number"


def _reference(key: str, module: str) -> dict[str, str]:
    """One entry of the bibliography: authors in reading order, title, where, and links."""
    fields = reference(key, module)
    names = [" ".join(reversed(name.split(", ", 1))) for name in fields.get("author", "").split(" and ")]
    authors = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    links = []
    if "eprint" in fields:
        links.append((f"arXiv:{fields['eprint']}", f"https://arxiv.org/abs/{quote(fields['eprint'])}"))
    if "doi" in fields:
        links.append((f"doi:{fields['doi']}", f"https://doi.org/{quote(fields['doi'])}"))
    venue = fields.get("journal") or fields.get("booktitle") or fields.get("publisher", "")
    return {
        "key": key,
        "authors": authors,
        "title": fields.get("title", key),
        "venue": venue,
        "year": fields.get("year", ""),
        "links": links,
    }

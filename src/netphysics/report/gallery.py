"""The gallery: one static page over a folder of runs, found by scanning it."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ..blocks import write_atomic
from ..blocks.files import read_file
from ..lab.store import NEEDED, REPORT, Store
from .font import font_face
from .page import templates
from .palette import WINGS
from .reproduce import words
from .verdicts import standing, standing_counts

# What tells a gallery from other pages.
OURS = b"<title>netphysics: runs</title>"
META = re.compile(r'<meta name="(?P<name>[\w-]+)" content="(?P<content>[^"]*)">')
PLOT = re.compile(r'<svg class="plot".*?</svg>', re.DOTALL)


@dataclass(frozen=True)
class Summary:
    """What a card of the gallery shows of one run.

    Attributes:
        study, wing, question: from the run's record and its report.
        config: the options of the run.
        standings: one for each claim.
        thumbnail: the first figure of the report as SVG; empty when there is none.
        damage: what is wrong with the run, whose numbers are then not shown; empty for a sound one.
    """

    study: str
    wing: str
    question: str
    config: dict[str, Any]
    standings: Sequence[str]
    thumbnail: str
    damage: str = ""


def summary(folder: Path) -> Summary | None:
    """The summary of the run in `folder`; None when the run is not finished or has no report yet."""
    stored = Store(folder)
    try:
        content = stored.read_content()
        page = stored.read([*NEEDED, REPORT])
    except ValueError as damage:
        return Summary(folder.parent.name, "damaged", "", {}, (), "", str(damage))
    if content is None or page is None:
        return None
    report = page[REPORT].decode(errors="replace")
    about = {match["name"]: html.unescape(match["content"]) for match in META.finditer(report)}
    plot = PLOT.search(report)
    return Summary(
        study=content.record["study"],
        wing=about.get("netphysics-wing", ""),
        question=about.get("description", ""),
        config=content.record["config"],
        standings=[standing(claim["origin"], claim["verdict"]) for claim in content.claims],
        thumbnail=plot[0] if plot else "",
    )


def gallery(folders: Sequence[Path], home: Path) -> str:
    """A page with a card for each of the finished runs in `folders`, by wing; its links start at `home`.

    Raises:
        ValueError: for a folder without a finished run and its report.
    """
    runs = []
    for folder in folders:
        if (found := summary(folder)) is None:
            raise ValueError(f"{folder} holds no finished run with a report")
        runs.append((Path(os.path.relpath(folder / REPORT, home)).as_posix(), found))
    wings = [*WINGS, *sorted({item.wing for _, item in runs} - set(WINGS))]
    halls = [(wing, [_card(link, item, runs) for link, item in runs if item.wing == wing]) for wing in wings]
    return (
        templates()
        .get_template("gallery.html")
        .render(
            halls=[(wing, cards) for wing, cards in halls if cards],
            font=font_face(*(item.thumbnail for _, item in runs)),
            total=len(runs),
            tally=standing_counts(each for _, item in runs for each in item.standings),
        )
    )


def _card(link: str, item: Summary, runs: Sequence[tuple[str, Summary]]) -> dict[str, Any]:
    """A run as the template needs it, with the options in which runs of its study differ."""
    siblings = [other.config for _, other in runs if other.study == item.study]
    differing = [name for name, value in item.config.items() if any(c.get(name) != value for c in siblings)]
    shown = [(name.replace("_", "-"), words(item.config[name])) for name in differing]
    return {
        "link": quote(link),
        "run": item,
        "options": [(name, text) for name, text in shown if text],
        "tally": standing_counts(item.standings),
        "thumbnail": Markup(item.thumbnail),
    }


def write_gallery(folder: Path) -> Path:
    """Write `index.html` over all reports in `folder/<study>/<id>`; returns its path.

    Raises:
        ValueError: when `folder` is no folder, or has an `index.html` of somebody else's.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder; the gallery takes the folder of all runs")
    index = index_of(folder)
    write_atomic(index, gallery(shown_runs(folder), folder).encode())
    return index


def index_of(folder: Path) -> Path:
    """Where the gallery of a folder goes.

    Raises:
        ValueError: when something else lies there.
    """
    index = folder / "index.html"
    try:
        ours = OURS in read_file(index)
    except FileNotFoundError:
        return index
    except (OSError, ValueError):
        ours = False
    if not ours:
        raise ValueError(f"{index} is no gallery of netphysics, and is not replaced; move it, or choose another folder")
    return index


def shown_runs(folder: Path) -> list[Path]:
    """The folders `folder/<study>/<id>` that a gallery shows: runs with a report, the damaged ones included."""
    return [path for path in sorted(folder.glob("*/*")) if path.is_dir() and summary(path)]

"""A page that plays how a knot is untied: grid diagrams, one for each move, stepped through by keys or buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netphysics.knots.arcs import ArcCertificate, ArcPresentation, draw_arcs, replay

if TYPE_CHECKING:
    from netphysics.knots import Untied

# Numbers in all frames of a page, at most: about half a megabyte.
MOST_NUMBERS = 150_000


def page(text: str, answer: Untied) -> str:
    """One self-contained page for the answer about one knot."""
    from markupsafe import Markup

    from netphysics.report.page import free_page

    headline = {"unknot": "Untied", "knot": "A knot", "not found": "Not untied"}[answer.verdict]
    shown: list[list] = []
    captions: dict[str, Any] = {}
    first = ""
    if answer.certificate:
        shown, following = frames(answer.certificate)
        captions = {"moves": len(answer.certificate.moves), "next": following}
        first = draw_arcs(ArcPresentation(answer.certificate.start))
    return free_page(
        "untied.html",
        "untied",
        headline=headline,
        answer=answer,
        text=text,
        frames=shown,
        captions=captions,
        first=Markup(first),
    )


def frames(certificate: ArcCertificate) -> tuple[list[list], list[str]]:
    """Grid diagrams along a solution, as [moves before, rows of all columns, kind and place of the next move].

    All of them, or where these are too many for a page, those before a line is removed, or as many of those as fit.
    Beside each, what comes next in words.
    """
    moves = certificate.moves
    chosen = list(range(len(moves) + 1))
    if _numbers(certificate, chosen) > MOST_NUMBERS:
        removing = [k for k, move in enumerate(moves) if k and move.name == "destabilize"]
        chosen = [0, *removing, len(moves)]
    while (numbers := _numbers(certificate, chosen)) > MOST_NUMBERS:
        keep = -(-numbers // MOST_NUMBERS)
        chosen = [*chosen[:-1:keep], len(moves)]
    wanted, shown, following = set(chosen), [], []
    for k, columns in enumerate(replay(certificate)):
        if k in wanted:
            move = moves[k] if k < len(moves) else None
            ends = [row for column in columns for row in sorted(column)]
            shown.append([k, ends, *((move.kind, move.place) if move else ("", -1))])
            following.append(f"Next: {move}." if move else "Nothing is left to untie.")
    return shown, following


def _numbers(certificate: ArcCertificate, chosen: list[int]) -> int:
    """Numbers in some frames."""
    sizes, size = [], len(certificate.start)
    for move in certificate.moves:
        sizes.append(size)
        size -= move.name == "destabilize"
    sizes.append(size)
    return sum(2 * sizes[k] + 4 for k in chosen)

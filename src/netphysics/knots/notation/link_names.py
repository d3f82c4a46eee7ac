"""Names of links: those of Thistlethwaite and of Rolfsen to nine crossings, and what people call some of them."""

from __future__ import annotations

import functools
import json
import re
from importlib.resources import files

from ..braids import Diagram

# Without an orientation, a link has the first one of its table.
COMMON = {
    "hopf": "L2a1",
    "solomon's": "L4a1",
    "solomon": "L4a1",
    "whitehead": "L5a1",
    "borromean": "L6a4",
}
NAME = re.compile(r"(m?)l(\d{1,2})([an])(\d{1,4})(\{[01](?:,[01])*\})?")
ROLFSEN = re.compile(r"(m?)(\d{1,2}\^\d_\d{1,3})")
SCRIPTS = re.compile(r"(\d{1,2})([²³⁴⁵])([₀₁₂₃₄₅₆₇₈₉]+)")
RAISED = str.maketrans("²³⁴⁵", "2345")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@functools.cache
def links() -> dict[str, dict]:
    """The rows of the table of prime links to nine crossings, by name: `L5a1{0}`, with its orientation."""
    return json.loads((files("netphysics.knots") / "data" / "links.json").read_text())["links"]


def named_link(text: str) -> Diagram | None:
    """The link that is called so, None if this is no name.

    Names are `L5a1`, `L5a1{1}` (with one of LinkInfo's orientations), `mL5a1` (the mirror image), `5^2_1`, and words
    such as `whitehead link`.

    Raises:
        ValueError: for what looks like a name and is none.
    """
    name = " ".join(text.lower().split())
    name = SCRIPTS.sub(lambda m: f"{m[1]}^{m[2].translate(RAISED)}_{m[3].translate(DIGITS)}", name)
    name = COMMON.get(re.sub(r" (?:link|rings)$", "", name), name)
    if rolfsen := ROLFSEN.fullmatch(name):
        mirrored, found = rolfsen[1], [key for key, row in links().items() if row["rolfsen"] == rolfsen[2]]
    elif thistlethwaite := NAME.fullmatch(name.lower()):
        mirrored, crossings, kind, number, orientation = thistlethwaite.groups()
        wanted = f"L{int(crossings)}{kind}{int(number)}"
        found = [
            key
            for key in links()
            if key == wanted + (orientation or "") or (not orientation and key.startswith(wanted + "{"))
        ]
    else:
        return None
    if not found:
        raise ValueError(f"there is no link {text} in the table of names, which has prime links to nine crossings")
    diagram = Diagram.of_pd(links()[found[0]]["pd"])
    return diagram.mirror if mirrored else diagram

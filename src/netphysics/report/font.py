"""The font of figures, carried by the page: text then sits where it was measured, on every machine.

Matplotlib lays a figure out with STIX, which it ships and few machines have. A page embeds the characters that its
figures use.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import re
import string
from pathlib import Path

import matplotlib
from markupsafe import Markup

FAMILY = "netphysics figures"
TEXT = re.compile(r"<text[^>]*>([^<]*)")
FILE = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf"
COMMON = string.ascii_letters + string.digits + string.punctuation + " −–×·…’“”≤≥±²³"


def font_face(*markup: str) -> Markup:
    """A CSS rule that defines the font of these drawings, with what is always wanted and what they use."""
    used = "".join(html.unescape(text) for drawing in markup for text in TEXT.findall(drawing))
    data = base64.b64encode(_subset(frozenset(COMMON + used))).decode()
    return Markup('@font-face {{ font-family: "{}"; src: url(data:font/woff;base64,{}) format("woff"); }}').format(
        FAMILY, data
    )


@functools.lru_cache(maxsize=8)
def _subset(characters: frozenset[str]) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(flavor="woff", hinting=False, layout_features=["kern"], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    font = TTFont(FILE, recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(text="".join(sorted(characters)))
    worker.subset(font)
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()

r"""Formulas in the sentences of a study: where they are, and how they read where nothing can be typeset.

Mathematics stands between dollars as LaTeX; `\$` is a dollar. Bits of it in plain text, `C_W`, `|y|^p`, `5e-3`, are
found as well.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Literal

Kind = Literal["text", "math", "code"]

GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega|Lambda|Omega"
)
# Dollars, backquotes, a number with an exponent, a symbol with a sub- or superscript, or the name of a knot.
MARKED = re.compile(
    r"(?<!\\)\$(?P<math>[^$]+)(?<!\\)\$"
    r"|`(?P<code>[^`]+)`"
    r"|(?<![\w.])(?P<digits>\d+(?:\.\d+)?(?:\(\d+\))?)e(?P<power>[+-]?\d+)(?![\w.])"
    rf"|(?<![\w\\.])(?P<symbol>(?:{GREEK}|[A-Za-zΑ-Ωα-ω]|\|[A-Za-z]\||\d+(?=\^))(?:[_^](?:\{{[^{{}}]*\}}|-?\w+))+)(?!\w)"
    r"|(?<![\w.])(?P<knot>m?\d{1,2}_\d{1,3})(?!\w|\.\w)"
)
SCRIPT = re.compile(r"([_^])(\{[^{}]*\}|-?\w+?)(?=[_^]|$)")
WORDS = {"par": r"\parallel", "perp": r"\perp"}

SUPERSCRIPT = dict(
    zip(
        "0123456789+-−=()nikabcdefghjlmoprstuvwxyzTNVW",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵏᵃᵇᶜᵈᵉᶠᵍʰʲˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᴺⱽᵂ",
        strict=True,
    )
)
SUBSCRIPT = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
ACCENTS = {"¯": "\u0304", "‾": "\u0304", "~": "\u0303", "^": "\u0302", "˙": "\u0307", "→": "\u20d7"}
FRACTIONS = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}
# What a formula may be made of: neither links nor styles.
TAGS = re.compile(
    "math|mrow|mi|mn|mo|mtext|ms|mspace|mstyle|mpadded|mphantom|menclose|mfrac|msqrt|mroot|msub|msup|msubsup|munder|"
    "mover|munderover|mmultiscripts|mprescripts|none|mtable|mtr|mtd"
)
ATTRIBUTES = re.compile(
    "xmlns|display|displaystyle|scriptlevel|mathvariant|form|fence|separator|stretchy|symmetric|largeop|movablelimits|"
    "accent|accentunder|lspace|rspace|minsize|maxsize|width|height|depth|voffset|linethickness|notation|columnalign|"
    "columnlines|columnspacing|rowlines|rowspacing"
)
SPACED = set("=<>≤≥≈→∼∈⟶≪≫≠")


def segments(text: str) -> Iterator[tuple[Kind, str]]:
    """The parts of a sentence in order: plain text, LaTeX, and code."""
    end = 0
    for match in MARKED.finditer(text):
        if match.start() > end:
            yield "text", text[end : match.start()].replace(r"\$", "$")
        if match["code"]:
            yield "code", match["code"]
        elif match["math"]:
            yield "math", match["math"]
        elif match["knot"]:
            yield "math", r"\mathrm{{{}}}_{{{}}}".format(*match["knot"].split("_"))
        elif match["symbol"]:
            yield "math", symbol(match["symbol"])
        else:
            yield "math", scientific(match["digits"], match["power"])
        end = match.end()
    if end < len(text):
        yield "text", text[end:].replace(r"\$", "$")


def literal(text: str) -> str:
    """Text from outside, such as the name of a column, for a sentence or a label: its dollars begin no formula."""
    return text.replace("$", r"\$")


def scientific(digits: str, power: str) -> str:
    """A number with an exponent as LaTeX: a power of ten alone where the digits are 1."""
    lead = "" if digits in ("1", "1.0") else rf"{digits} \times "
    return f"{lead}10^{{{int(power)}}}"


def symbol(plain: str) -> str:
    r"""A symbol as people type it, `chi_par` or `M_bar`, as LaTeX."""
    base = re.split("[_^]", plain, maxsplit=1)[0]
    scripts = plain.removeprefix(base)
    base = f"\\{base}" if len(base) > 1 and base.isalpha() else base
    parts = ""
    for mark, word in SCRIPT.findall(scripts):
        word = word.strip("{}")
        if (mark, word) == ("_", "bar"):
            base = rf"\bar{{{base}}}"
            continue
        if word not in WORDS and len(word) > 1 and word.isalpha():
            word = rf"\mathrm{{{word}}}"
        parts += f"{mark}{{{WORDS.get(word, word)}}}"
    return base + parts


def element(latex: str, display: str = "inline") -> ET.Element:
    """LaTeX as a tree of MathML.

    Raises:
        ValueError: when it cannot be read, or has links or styles.
    """
    from latex2mathml.converter import convert_to_element

    try:
        root = convert_to_element(latex, display=display)
    except Exception as error:  # the converter has no common exception
        raise ValueError(f"formula is {latex!r}; it cannot be read as LaTeX") from error
    for node in root.iter():
        if not TAGS.fullmatch(node.tag) or not all(map(ATTRIBUTES.fullmatch, node.attrib)):
            raise ValueError(f"formula is {latex!r}; it holds more than mathematics")
        # Symbols come as character references in plain text; commands that are not known, as their source.
        node.text = html.unescape(node.text or "")
        if node.text.startswith("\\"):
            node.tag, node.text = "mo", node.text[1:]
    return root


def capitalized(text: str) -> str:
    """A sentence with a capital letter in front, unless it begins with a formula or a name in code."""
    return text[:1].upper() + text[1:]


def unicode(text: str) -> str:
    """A sentence with its formulas in plain Unicode, for the terminal: `χ_∥² = 1`, `5×10⁻³`."""
    return "".join(_plain(part) if kind == "math" else part for kind, part in segments(text))


def formula(latex: str) -> str:
    """One formula in plain Unicode, as far as Unicode has the characters."""
    return _plain(latex)


def _plain(latex: str) -> str:
    try:
        text = _linear(element(latex))
    except ValueError:
        return latex
    return re.sub(r" {2,}", " ", text).strip()


def _linear(node: ET.Element) -> str:
    """A node of MathML on one line."""
    parts = [_linear(child) for child in node]
    match node.tag:
        case "mfrac":
            fraction = f"{_grouped(parts[0])}/{_grouped(parts[1])}"
            return FRACTIONS.get(fraction, fraction)
        case "msqrt":
            inside = "".join(parts)
            return f"√{inside}" if len(inside) == 1 else f"√({inside})"
        case "mroot":
            return f"{_grouped(parts[0])}^(1/{parts[1]})"
        case "msup":
            return parts[0] + _script(parts[1], "^", SUPERSCRIPT)
        case "msub" | "munder":
            return parts[0] + _script(parts[1], "_", SUBSCRIPT)
        case "msubsup" | "munderover":
            return parts[0] + _script(parts[1], "_", SUBSCRIPT) + _script(parts[2], "^", SUPERSCRIPT)
        case "mover":
            accent = ACCENTS.get(parts[1])
            return (
                parts[0] + accent if accent and len(parts[0]) == 1 else parts[0] + _script(parts[1], "^", SUPERSCRIPT)
            )
        case "mtr":
            return ", ".join(parts)
        case "mtable":
            return "; ".join(parts)
        case "mspace":
            return " "
        case "mo":
            return _operator(node.text or "")
    for i, child in enumerate(node[:-1]):
        # A fraction that something is multiplied by.
        if child.tag == "mfrac" and "/" in parts[i] and (parts[i + 1][:1].isalpha() or parts[i + 1][:1] == "("):
            parts[i] = f"({parts[i]})"
    return (node.text or "") + "".join(parts)


def _operator(sign: str) -> str:
    if sign in SPACED:
        return f" {sign} "
    return f"{sign} " if sign == "," or (len(sign) > 1 and sign.isalpha()) else sign


def _script(text: str, mark: str, table: dict[str, str]) -> str:
    """A sub- or superscript in characters of its own where Unicode has all of them."""
    text = text.strip()
    if text and set(text) <= set("′"):
        return text
    if text and all(character in table for character in text):
        return "".join(table[character] for character in text)
    return mark + (text if len(text) == 1 else f"({text})")


def _grouped(text: str) -> str:
    return text if len(text.strip()) <= 1 or text.strip().isalnum() else f"({text.strip()})"

"""The catalog: what studies there are and what they ask, read from their source without running it.

`netphysics list` and `show` must answer at once, so a study's file is parsed, not imported: importing
it would import jax.
"""

from __future__ import annotations

import ast
import difflib
import functools
import importlib
import importlib.metadata
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .source import lineage, place_of, tree

if TYPE_CHECKING:
    from .study import Study

# Other packages announce their studies in this group; our own are found where they lie.
GROUP = "netphysics.studies"
OWN = Path(__file__).parents[1] / "studies"


@dataclass(frozen=True)
class Option:
    """One option of a study: its name on the command line, type, default and help text."""

    name: str
    type: str
    default: str
    help: str


@dataclass(frozen=True)
class Entry:
    """What the catalog knows about a study."""

    name: str
    wing: str
    question: str
    description: str
    options: tuple[Option, ...]
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    equations: tuple[tuple[str, str], ...] = ()
    cites: tuple[str, ...] = ()
    module: str = ""


def names() -> list[str]:
    """Names of all installed studies, those of other packages included."""
    return sorted(_places())


def load(name: str) -> Study:
    """The study object; this imports its module.

    Raises:
        ValueError: for an unknown name, suggesting the nearest one, and a study that cannot be imported.
    """
    module, attribute = _place(name)
    try:
        return getattr(importlib.import_module(module), attribute)
    except Exception as error:  # whatever a module of others does when it is imported
        kind = type(error).__name__
        raise ValueError(f"study {name} cannot be imported from {module}: {kind}: {error}") from error


def entry(name: str) -> Entry:
    """The catalog entry of a study, without importing it.

    Raises:
        ValueError: for an unknown name, suggesting the nearest one.
    """
    return read_entry(name, _place(name)[0])


def read_entry(name: str, module: str) -> Entry:
    """The entry of a study from its module's source: the docstring, `study = Study(...)` and its config class.

    Raises:
        ValueError: when the source cannot be found.
    """
    source = tree(module)
    arguments = {}
    for node in source.body:
        call = getattr(node, "value", None)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Study", "Study.from_module"):
            arguments = {keyword.arg: keyword.value for keyword in call.keywords}
    config = getattr(arguments.get("config"), "id", "Config")
    # The last base of all options is exported on first use only, where no source shows it.
    classes = [*lineage(module, config), *lineage(f"{__package__}.options", "StudyConfig")]
    equations = [
        tuple(_literal(argument, "") for argument in call.args[:2])
        for call in ast.walk(arguments.get("equations", ast.Tuple(elts=[])))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("Equation")
    ]
    options: dict[str, Option] = {}
    # What a study says itself comes first, and holds; what it inherits follows.
    for option in (option for config in classes for option in _options(config)):
        known = options.setdefault(option.name, option)
        options[option.name] = replace(known, help=known.help or option.help)
    return Entry(
        name=name,
        wing=_literal(arguments.get("wing"), place_of(module).wing),
        question=_literal(arguments.get("question"), ""),
        description=ast.get_docstring(source) or "",
        options=tuple(options.values()),
        presets=next(filter(None, map(_presets, classes)), {}),
        equations=tuple(equations),
        cites=tuple(_literal(arguments.get("cites"), ())),
        module=module,
    )


@functools.cache
def _places() -> dict[str, tuple[str, str]]:
    """Module and attribute of each study, by its name on the command line."""
    points = importlib.metadata.entry_points(group=GROUP)
    return {**dict(_own_studies()), **{point.name: (point.module, point.attr) for point in points}}


def _own_studies() -> Iterator[tuple[str, tuple[str, str]]]:
    """Studies lie in a folder for each wing: a file, or a package with the file `study.py`.

    Files without a line that begins with `study = ` are what several studies share.
    """
    for path in sorted([*OWN.glob("*/*.py"), *OWN.glob("*/*/study.py")]):
        if re.search(r"^study = ", path.read_text(encoding="utf-8"), re.MULTILINE):
            module = ".".join(["netphysics", "studies", *path.relative_to(OWN).with_suffix("").parts])
            yield place_of(module).name, (module, "study")


def _place(name: str) -> tuple[str, str]:
    places = _places()
    if name not in places:
        near = difflib.get_close_matches(name, places, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else "`netphysics list` shows them all"
        raise ValueError(f"there is no study {name!r}; {hint}")
    return places[name]


def _options(config: ast.ClassDef) -> Iterator[Option]:
    """Annotated fields, each with the string that follows it; class variables are no options."""
    for field_node, after in zip(config.body, [*config.body[1:], None], strict=True):
        if not isinstance(field_node, ast.AnnAssign) or "ClassVar" in ast.unparse(field_node.annotation):
            continue
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = " ".join(str(after.value.value).split())
        yield Option(
            name="--" + ast.unparse(field_node.target).replace("_", "-"),
            type=ast.unparse(field_node.annotation),
            default=_default(field_node.value),
            help=text,
        )


def _default(node: ast.expr | None) -> str:
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("budget", "option"):
        node = node.args[0]
    value = _literal(node, None)
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if node is None else str(value) if value is not None else ast.unparse(node)


def _presets(config: ast.ClassDef) -> dict[str, dict[str, Any]]:
    for node in config.body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "presets":
            return _literal(node.value, {})
    return {}


def _literal(node: ast.expr | None, default: Any) -> Any:
    """The value of a literal expression; `default` for anything that would have to be run."""
    try:
        return default if node is None else ast.literal_eval(node)
    except ValueError:
        return default

"""Source: what a Python module says, read from its text without running it."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OWN = "netphysics.studies."


class Place(NamedTuple):
    """What a module's place says of the study in it; the wing is empty outside `netphysics.studies`."""

    name: str
    wing: str


def place_of(module: str) -> Place:
    """The name and wing of the study in a module: a file, or `study.py` in a folder of the study's name."""
    parts = module.split(".")
    if parts[-1] == "study" and len(parts) > 1:
        parts.pop()
    wing = parts[-2] if module.startswith(OWN) and len(parts) == OWN.count(".") + 2 else ""
    return Place(parts[-1].replace("_", "-"), wing)


@functools.cache
def tree(module: str) -> ast.Module:
    """The syntax tree of a module, by its dotted name.

    Raises:
        ValueError: when there is no source file of that name, or it is no Python.
    """
    path = source_file(module)
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise ValueError(f"{path} cannot be read as Python: {error.msg} in line {error.lineno}") from None


def source_file(module: str) -> Path:
    """The file of a module, by its dotted name; nothing is imported.

    Raises:
        ValueError: when there is no source file of that name.
    """
    top, *parts = module.split(".")
    spec = None if top == "__main__" else importlib.util.find_spec(top)
    if spec is None or spec.origin is None:
        raise ValueError(f"the source of module {module} cannot be found")
    path = Path(spec.origin)
    # Asking for the spec of a module inside a package would import the package.
    if parts:
        path = path.parent.joinpath(*parts)
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not path.is_file():
        raise ValueError(f"the source of module {module} cannot be found")
    return path


def lineage(module: str, name: str) -> Iterator[ast.ClassDef]:
    """The class that `name` stands for in a module, and its first bases, as far as their sources lead."""
    for node in tree(module).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield node
            if node.bases and isinstance(node.bases[0], ast.Name):
                yield from lineage(module, node.bases[0].id)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    yield from lineage(_absolute(module, node), alias.name)


def _absolute(module: str, node: ast.ImportFrom) -> str:
    """The module that an import statement of another one means."""
    if not node.level:
        return node.module or ""
    package = module if _is_package(module) else module.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


def _is_package(module: str) -> bool:
    top, *parts = module.split(".")
    spec = importlib.util.find_spec(top)
    origin = spec.origin if spec else None
    return origin is not None and Path(origin).parent.joinpath(*parts, "__init__.py").is_file()

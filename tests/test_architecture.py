"""The map of the house: who may import whom, how long a file may be, and which names are public."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "netphysics"

# A room may import itself, the rooms listed here, and nothing else of netphysics.
MAY_IMPORT = {
    "stats": set(),
    "blocks": {"stats"},
    "nets": {"stats"},
    "train": {"stats", "blocks", "nets"},
    "lab": {"stats", "blocks"},
    "fields": {"stats", "blocks", "nets", "train"},
    "discovery": {"stats", "blocks", "nets", "train"},
    "knots": {"stats", "blocks", "nets", "train"},
    "topology": {"stats", "blocks", "nets", "train"},
    "report": {"stats", "blocks", "lab"},
    "studies": {"stats", "blocks", "nets", "train", "lab", "fields", "discovery", "knots", "topology", "report"},
    "testing": {"blocks", "lab", "report"},
    "api": {"stats", "blocks", "nets", "lab", "fields", "discovery", "knots", "topology", "report", "studies"},
    "cli": {"stats", "blocks", "nets", "lab", "fields", "discovery", "knots", "topology", "report", "studies", "api"},
}
# Floor 0 is arithmetic on arrays: it must stay importable where jax is not.
NO_JAX = {"stats"}
LONGEST_FILE = 400


def modules():
    return sorted(SOURCE.rglob("*.py"))


def imports(path):
    """Absolute names of all modules that a file imports, at any depth of the code."""
    package = ("netphysics", *path.relative_to(SOURCE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *filter(None, [node.module])])
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def room(parts):
    """The room of a module path below the package: a folder, or a file's stem."""
    return Path(parts[0]).stem


def broken_floors(path, names, home):
    """Every import in `names` that the map forbids to a file in the room `home`."""
    for name in names:
        parts = name.split(".")
        if parts[0] == "jax" and home in NO_JAX:
            yield f"{path}: {home} imports {name}"
        if parts[0] == "netphysics" and len(parts) > 1 and parts[1] in MAY_IMPORT:
            target = parts[1]
            if target != home and target not in MAY_IMPORT[home]:
                yield f"{path}: {home} imports {name}"


def test_no_import_goes_up_or_across():
    found = []
    for path in modules():
        relative = path.relative_to(SOURCE)
        home = room(relative.parts)
        if home in MAY_IMPORT:
            found += broken_floors(relative, imports(path), home)
    assert not found, "\n".join(found)


def test_the_map_knows_every_room():
    rooms = {room(path.relative_to(SOURCE).parts) for path in modules()} - {"__init__", "__main__"}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("home", "name"), [("stats", "jax.numpy"), ("lab", "netphysics.report"), ("fields", "netphysics.studies")]
)
def test_a_broken_floor_is_found(home, name):
    assert list(broken_floors(Path("somewhere.py"), [name], home))


def test_files_stay_short():
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in modules()}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}

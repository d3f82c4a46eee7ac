"""The map of the house: who may import whom, how long a file may be, and which names are public."""

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "netphysics"
STUDIES = SOURCE / "studies"
TABLE = Path(__file__).parents[1] / "docs" / "architecture.md"

WINGS = {"fields", "discovery", "knots", "topology"}
GROUND = {"stats", "blocks", "nets", "tables", "train"}
# A room may import itself, the rooms listed here, and nothing else of netphysics.
MAY_IMPORT = {
    "stats": set(),
    "blocks": {"stats"},
    "nets": {"stats"},
    "tables": {"blocks"},
    "train": {"stats", "blocks", "nets"},
    "lab": {"stats", "blocks", "tables"},
    "fields": GROUND,
    "discovery": GROUND,
    "knots": {"stats", "blocks", "nets", "train"},
    "topology": GROUND,
    "report": {"stats", "blocks", "lab"},
    "studies": {*GROUND, *WINGS, "lab", "report"},
    "testing": {"stats", "blocks", "lab", "report"},
    "api": {*GROUND, *WINGS, "lab", "report", "studies"},
    "cli": {*GROUND, *WINGS, "lab", "report", "studies", "api"},
}
# Floor 0 is arithmetic on arrays: it must stay importable where jax is not.
NO_JAX = {"stats", "tables"}
LONGEST_FILE = 300


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


def floor(home):
    """How many floors a room stands on."""
    return 1 + max(map(floor, MAY_IMPORT[home]), default=-1)


def test_the_table_of_the_documentation_is_the_map():
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {name: int(number) for number, rooms in rows for name in re.findall(r"`(\w+)`", rooms)}
    assert shown == {home: floor(home) for home in MAY_IMPORT}


def test_rooms_say_on_which_floor_they_are():
    for home in MAY_IMPORT:
        path = SOURCE / home / "__init__.py"
        said = re.match(r'"""Floor (\d+),', path.read_text(encoding="utf-8")) if path.exists() else None
        assert said is None or int(said[1]) == floor(home), home


def studies():
    """Where studies lie: a file, or the folder of a file `study.py`."""
    for path in sorted([*STUDIES.glob("*/*.py"), *STUDIES.glob("*/*/study.py")]):
        if re.search(r"^study = ", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield path.parent if path.name == "study.py" else path.with_suffix("")


def borrowed(path, names, homes):
    """Every import in `names` of a file that reaches into a study other than its own."""
    own = {path.with_suffix(""), *path.parents}
    for name in names:
        place = SOURCE.parent.joinpath(*name.split("."))
        if not homes.intersection({place, *place.parents}) <= own:
            yield f"{path.relative_to(SOURCE)} imports {name}"


def test_studies_import_no_study():
    homes = set(studies())
    assert len(homes) > 20
    found = [line for path in STUDIES.rglob("*.py") for line in borrowed(path, imports(path), homes)]
    assert not found, "\n".join(found)
    path = STUDIES / "fields" / "estimators" / "study.py"
    assert list(borrowed(path, ["netphysics.studies.fields.six_point"], homes))
    assert not list(borrowed(path, ["netphysics.studies.fields.estimators.cases"], homes))


@pytest.mark.parametrize(
    ("home", "name"), [("stats", "jax.numpy"), ("lab", "netphysics.report"), ("fields", "netphysics.studies")]
)
def test_a_broken_floor_is_found(home, name):
    assert list(broken_floors(Path("somewhere.py"), [name], home))


def test_files_stay_short():
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in modules()}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}

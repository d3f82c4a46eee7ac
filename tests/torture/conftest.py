"""Faults by the thousand: a few in each test run, all of them with `--torture` (`make torture`)."""

import sys
import tempfile
from pathlib import Path

import pytest

# Workers of other processes import the study by its name, too.
sys.path.insert(0, str(Path(__file__).parent))
from looking import PARTS

COUNTS = pytest.StashKey[list[str]]()
# Thousands of runs are written and removed: in memory where there is a file system for that.
MEMORY = Path("/dev/shm")


def pytest_addoption(parser):
    parser.addoption("--torture", action="store_true", help="faults by the thousand instead of a few")


def pytest_generate_tests(metafunc):
    """What is done thousands of times is done in parts, which can be run apart."""
    if "part" in metafunc.fixturenames:
        metafunc.parametrize("part", range(PARTS if metafunc.config.getoption("--torture", default=False) else 1))


def pytest_configure(config):
    config.stash[COUNTS] = []


@pytest.fixture(scope="session")
def often(request):
    """`often(few, many)`: how often something is to be done."""
    many = request.config.getoption("--torture", default=False)
    return lambda few, all: all if many else few


@pytest.fixture
def tell(request):
    """Takes a line that is printed when all is done: what was done, and how often."""
    return request.config.stash.get(COUNTS, []).append


@pytest.fixture
def out():
    """A folder for runs."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder) / "runs"


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(COUNTS, []):
        terminalreporter.write_line(line)

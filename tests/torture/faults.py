"""Faults of a file or a folder: what accidents and bad luck do to it."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

# Applied to a path; the second is the same file of another run; the dice decide the rest.
Fault = Callable[[Path, Path, random.Random], object]
JUNK = [
    "",
    "[]",
    "{}",
    "null",
    "[1, 2]",
    '{"run": 3}',
    "[" * 100_000,
    "\0" * 5000,
    "[{}]",
    '{"files": {"a": 1}}',
    "NaN",
]


def flip(path, other, dice):
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def scramble(path, other, dice):
    """A run of bytes that a disk has lost."""
    content = bytearray(path.read_bytes())
    start = dice.randrange(len(content))
    stop = min(len(content), start + dice.randrange(1, 600))
    content[start:stop] = dice.choice([bytes(stop - start), dice.randbytes(stop - start)])
    path.write_bytes(content)


def truncate(path, other, dice):
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


def extend(path, other, dice):
    path.write_bytes(path.read_bytes() + dice.randbytes(dice.randrange(1, 300)))


def swap(path, other, dice):
    neighbor = dice.choice([each for each in small_files(path.parent.glob("*")) if each != path])
    one, two = path.read_bytes(), neighbor.read_bytes()
    path.write_bytes(two)
    neighbor.write_bytes(one)


def exchange(path, other, dice):
    """Another file of the run in place of this one."""
    root = next(each for each in path.parents if (each / "blocks").exists())
    path.write_bytes(dice.choice(small_files(root.rglob("*"))).read_bytes())


def small_files(paths):
    """Files that another fault has not made into a huge one, or into a link out of the run."""
    return [each for each in sorted(paths) if each.is_file() and not each.is_symlink() and each.stat().st_size < 2**20]


def replace(path, other, dice):
    # A block that is not finite there has another name.
    path.write_bytes(next(each for each in (other, *sorted(other.parent.iterdir())) if each.is_file()).read_bytes())


def remove(path, other, dice):
    clear(path)


def folder(path, other, dice):
    clear(path)
    path.mkdir()
    if dice.random() < 0.5:
        (path / "file").write_text("somebody's own")


def pipe(path, other, dice):
    clear(path)
    os.mkfifo(path)


def junk(path, other, dice):
    path.write_text(dice.choice(JUNK))


def sparse(path, other, dice):
    """A file that claims to be huge and has nothing in it."""
    os.truncate(path, 2 ** dice.randrange(33, 42))


def link(path, other, dice):
    """A symbolic link: to the other run, to nothing, to itself, to a folder, to a device."""
    clear(path)
    path.symlink_to(dice.choice([other, "nowhere", path, path.parent, "/dev/zero"]))


def file(path, other, dice):
    """A file in place of a folder."""
    clear(path)
    path.write_text("somebody's own")


def clear(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


OF_FILES: list[Fault] = [
    *[flip] * 6,
    *[truncate] * 2,
    *(scramble, extend, swap, exchange, replace, remove, folder, pipe, junk, sparse, link),
]
OF_FOLDERS: list[Fault] = [remove, pipe, link, file]

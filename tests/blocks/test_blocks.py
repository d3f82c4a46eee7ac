"""Plan, ledger and executors: the same draws wherever and however often they are made."""

import itertools

import jax
import numpy as np
import pytest

from netphysics.blocks import Block, Cell, Dask, Ledger, Plan, Processes, Threads, block_keys
from netphysics.stats import Tally

CELL = Cell("N=10", {"width": 10})


def keys_of(block_size):
    plan = Plan((CELL,), 128, block_size)
    return np.concatenate([jax.random.key_data(block_keys(3, b)) for b in plan.blocks(CELL)])


def test_keys_do_not_know_their_block():
    assert np.array_equal(keys_of(64), keys_of(128))
    assert len(np.unique(keys_of(64), axis=0)) == 128


def test_cells_and_seeds_have_keys_of_their_own():
    block = Block(CELL, 0, 0, 4)
    other = Block(Cell("N=20"), 0, 0, 4)
    found = [jax.random.key_data(block_keys(seed, b)) for seed in (0, 1) for b in (block, other)]
    assert len(np.unique(np.concatenate(found), axis=0)) == 16


def test_budgets_are_rounded_up_to_full_blocks():
    blocks = Plan((CELL,), 100, 64).blocks(CELL)
    assert [(b.start, b.stop) for b in blocks] == [(0, 64), (64, 128)]


def test_cells_need_plain_and_different_names():
    with pytest.raises(ValueError, match="may hold letters"):
        Cell("../escape")
    with pytest.raises(ValueError, match="different names"):
        Plan((CELL, CELL), 10, 10)


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path)


BLOCK = Block(CELL, 7, 0, 64)
TALLY = Tally(64, {"x": np.arange(6.0).reshape(2, 3), "y": np.float64(0.1)})


def test_blocks_come_back_to_the_last_bit(ledger):
    ledger.write(BLOCK, TALLY)
    tally, damaged = ledger.read(BLOCK)
    assert damaged is None
    assert tally.count == 64
    assert all(tally.sums[name].tobytes() == TALLY.sums[name].tobytes() for name in TALLY.sums)
    assert ledger.read(Block(CELL, 8, 0, 64)) == (None, None)
    assert [path.name for path in ledger.folder.rglob("*") if path.is_file()] == ["000007.npz"]


@pytest.mark.parametrize("harm", ["truncated", "altered", "replaced", "empty"])
def test_damaged_files_are_named_and_set_aside(ledger, harm):
    ledger.write(BLOCK, TALLY)
    path = ledger.path(BLOCK)
    content = bytearray(path.read_bytes())
    if harm == "truncated":
        content = content[: len(content) // 2]
    elif harm == "empty":
        content = b""
    elif harm == "altered":
        content[content.index(np.float64(5.0).tobytes())] ^= 1
    else:
        ledger.write(BLOCK, Tally(63, TALLY.sums))
        content = path.read_bytes()
    path.write_bytes(content)
    tally, damaged = ledger.read(BLOCK)
    assert tally is None
    assert damaged.name == "000007.damaged"
    assert damaged.exists() and not path.exists()


def test_blocks_set_apart_name_their_realizations(ledger):
    assert ledger.apart(BLOCK) is None
    ledger.set_apart(BLOCK, [3, 17])
    assert ledger.apart(BLOCK) == [3, 17]


@pytest.mark.parametrize("executor", [Threads(1), Threads(2), Processes(2)])
def test_executors_apply_and_pair(executor):
    with executor.open() as compute:
        assert sorted(compute(abs, iter([-1, 2, -3]))) == [(-3, 3), (-1, 1), (2, 2)]


@pytest.mark.parametrize("executor", [Threads(1), Threads(2), Processes(2)])
def test_executors_stop_and_hand_over_what_was_under_way(executor):
    found = []
    with executor.open() as compute:
        for pair in compute(abs, itertools.count(), lambda: len(found) >= 5):
            found.append(pair)
    # At most two tasks for each worker are under way.
    assert 5 <= len(found) <= 5 + 3
    assert sorted(found) == [(i, i) for i in range(len(found))]


def test_impossible_executors_are_refused():
    with pytest.raises(ValueError, match="workers is 0"):
        Processes(0)
    with pytest.raises(ValueError, match="threads is 0"):
        Threads(0)
    with pytest.raises(ValueError, match="no dask scheduler answers at nowhere"), Dask("nowhere").open():
        pass

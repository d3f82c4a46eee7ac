"""Strictness for the whole test run: nothing is promoted silently, and two devices exist."""

import os

os.environ.setdefault("MPLBACKEND", "agg")
# Tests run in a process for each core: more threads in each of them would stand in one another's way.
os.environ.setdefault("PJRT_NPROC", "1")
# Threads of OpenMP (those of boosted trees) wait for one another in loops that keep a core busy.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import jax
import pytest

jax.config.update("jax_num_cpu_devices", 2)
jax.config.update("jax_numpy_rank_promotion", "raise")
jax.config.update("jax_numpy_dtype_promotion", "strict")


def pytest_collection_modifyitems(items):
    """Whole studies first: they take longest, and no process should be left alone with them at the end."""
    items.sort(key=lambda item: "studies" not in item.path.parts)


@pytest.fixture
def key():
    """One fixed key for every random test, so that none can be flaky."""
    return jax.random.key(20080860)

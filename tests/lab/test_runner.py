"""The runner: theory first, resume, extend, interrupt, damage; the same claims every time."""

import dataclasses
import importlib
import json

import jax
import numpy as np
import pytest
import random_walk
from random_walk import Config, study

from netphysics.blocks import Dask, Plan, Processes, Threads
from netphysics.lab import Interrupted, run_id, run_study
from netphysics.lab.code import code_digest
from netphysics.lab.experiments import _experiment, compute_block, shared_code

QUICK = Config(draws=4096, block_size=512, steps=(4, 16))


def claims_of(run):
    return json.dumps([claim.to_json() for claim in run.claims])


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    return run_study(study, QUICK, tmp_path_factory.mktemp("runs"))


def test_all_claims_agree(reference):
    assert [claim.verdict for claim in reference.claims] == ["agrees"] * 3
    assert reference.record["blocks_computed"] == 16


def test_theory_is_written_before_anything_is_measured(tmp_path):
    def measure(config, cell):
        assert (tmp_path / study.name / run_id(study, QUICK) / "theory.nc").exists()
        return random_walk.measure(config, cell)

    run_study(dataclasses.replace(study, measure=measure), QUICK, tmp_path)


def test_a_finished_run_answers_from_disk(reference):
    again = run_study(study, QUICK, reference.path.parents[1])
    assert again.record == reference.record
    assert claims_of(again) == claims_of(reference)


def test_a_larger_budget_extends(reference, tmp_path):
    run_study(study, QUICK, tmp_path)
    larger = dataclasses.replace(QUICK, draws=6144)
    extended = run_study(study, larger, tmp_path)
    assert extended.record["blocks_computed"] == 8
    assert claims_of(extended) == claims_of(run_study(study, larger, tmp_path / "fresh"))
    # Back to the smaller budget: the same claims as ever, nothing computed.
    back = run_study(study, QUICK, tmp_path)
    assert back.record["blocks_computed"] == 0
    assert claims_of(back) == claims_of(reference)


def test_an_interrupted_run_goes_on_where_it_was(reference, tmp_path):
    done = [0]
    with pytest.raises(Interrupted, match="the same command goes on"):
        run_study(
            study,
            QUICK,
            tmp_path,
            Threads(2),
            watch=lambda progress: done.append(progress.done),
            stopping=lambda: done[-1] >= 5,
        )
    # What was under way when the run was asked to stop is finished and kept.
    assert 5 <= done[-1] <= 5 + 3
    resumed = run_study(study, QUICK, tmp_path)
    assert resumed.record["blocks_computed"] == 16 - done[-1]
    assert claims_of(resumed) == claims_of(reference)


def test_damaged_blocks_are_named_and_computed_again(reference, tmp_path):
    run = run_study(study, QUICK, tmp_path)
    victim = run.path / "blocks" / "n=16" / "000003.npz"
    victim.write_bytes(victim.read_bytes()[:100])
    (run.path / "result.nc").write_bytes(b"nonsense")
    again = run_study(study, QUICK, tmp_path)
    assert again.record["blocks_computed"] == 1
    assert "result.nc is not what was written" in again.record["notes"][0]
    assert "000003.damaged of cell n=16 was damaged" in again.record["notes"][1]
    assert claims_of(again) == claims_of(reference)


@pytest.mark.parametrize("executor", [Processes(2), Dask("local")], ids=["processes", "dask"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_results_do_not_depend_on_the_executor(reference, tmp_path, executor):
    assert claims_of(run_study(study, QUICK, tmp_path, executor)) == claims_of(reference)


def test_block_size_changes_rounding_only(reference, tmp_path):
    other = run_study(study, dataclasses.replace(QUICK, block_size=64), tmp_path)
    for cell, found in reference.measured.items():
        exact = found["square"]  # walks are integers: these sums have no rounding at all
        # Bias correction differs by O(1/blocks) of a bias that vanishes for a mean.
        assert other.measured[cell]["square"].value == pytest.approx(exact.value, rel=1e-12)


def test_until_error_stops_at_a_fixed_round(tmp_path):
    rich = dataclasses.replace(QUICK, draws=512 * 64)
    run = run_study(study, rich, tmp_path, until_error=0.02)
    assert set(run.record["blocks"].values()) <= {8, 16, 32}
    worst = max(found["square"].error / found["square"].value for found in run.measured.values())
    assert worst <= 0.02


def test_realizations_that_are_not_finite_are_named(tmp_path):
    def measure(config, cell):
        sound = random_walk.measure(config, cell)

        def experiment(keys):
            # Realization 1037 of n=16 is the one whose key this is.
            sick = np.any(np.asarray(_data(keys)) == SICK) and cell.name == "n=16"
            return {name: total * (np.nan if sick else 1) for name, total in sound(keys).items()}

        return experiment

    from netphysics.blocks import Block, Cell, block_keys

    def _data(keys):
        import jax

        return jax.random.key_data(keys)[:, 0]

    SICK = int(_data(block_keys(0, Block(Cell("n=16"), 0, 1037, 1038)))[0])
    run = run_study(dataclasses.replace(study, measure=measure), QUICK, tmp_path)
    assert run.record["blocks"] == {"n=4": 8, "n=16": 7}
    assert "not finite at realization 1037;" in run.record["notes"][0]
    _experiment.cache_clear()


def test_blocks_keep_arrays_beside_their_sums(tmp_path):
    def measure(config, cell):
        sound = random_walk.measure(config, cell)

        def experiment(keys):
            return sound(keys), {"first": jax.random.key_data(keys)[:, 0], "length": np.full(len(keys), cell["steps"])}

        return experiment

    run = run_study(dataclasses.replace(study, measure=measure), QUICK, tmp_path)
    kept = run.kept("n=16")
    assert set(kept["length"]) == {16}
    assert len(np.unique(kept["first"])) == len(kept["first"]) == QUICK.draws
    # They are no sums: claims and quantities know nothing of them.
    assert [claim.verdict for claim in run.claims] == ["agrees"] * 3
    assert set(run.measured["n=16"]) == {"square", "fourth"}
    again = run_study(study, QUICK, tmp_path)
    assert np.array_equal(again.kept("n=16")["first"], kept["first"])
    _experiment.cache_clear()


def test_a_config_is_resolved_once_before_anything_else(tmp_path):
    asked = []

    def resolve(config):
        asked.append(config)
        return dataclasses.replace(config, steps=(4,))

    run = run_study(dataclasses.replace(study, resolve=resolve), QUICK, tmp_path)
    assert asked == [QUICK]
    assert run.config.steps == (4,)
    assert list(run.measured) == ["n=4"]
    assert run.path.name == run_id(study, run.config)


def test_bad_requests_write_nothing(tmp_path):
    out = tmp_path / "runs"
    with pytest.raises(ValueError, match="--until-error is 0"):
        run_study(study, QUICK, out, until_error=0.0)
    with pytest.raises(ValueError, match="no dask scheduler"):
        run_study(study, QUICK, out, Dask("tcp://127.0.0.1:9"))
    assert not out.exists()
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="not a folder that can be written to"):
        run_study(study, QUICK, tmp_path / "file" / "runs")
    with pytest.raises(ValueError, match="error bars need at least 4 blocks"):
        Config(draws=10, block_size=10)


def test_identity_ignores_the_budget():
    assert run_id(study, QUICK) == run_id(study, dataclasses.replace(QUICK, draws=9999))
    assert run_id(study, QUICK) != run_id(study, dataclasses.replace(QUICK, seed=1))


def test_a_run_is_a_data_tree(reference):
    assert float(reference.dataset["n=4/square"]) == reference.measured["n=4"]["square"].value
    assert json.loads(reference.dataset.attrs["run"])["study"] == "random-walk"
    reference.dataset.close()


def test_blocks_of_other_code_are_never_mixed(reference, tmp_path, monkeypatch):
    old = run_study(study, QUICK, tmp_path)
    monkeypatch.setattr("netphysics.lab.store.code_digest", lambda module: "0" * 8)
    anew = run_study(study, QUICK, tmp_path)
    assert anew.path != old.path and old.path.exists()
    assert anew.record["blocks_computed"] == 16
    assert f"other code has made {old.path}; this run begins anew beside it" in anew.record["notes"][0]
    # A block that is put there by hand is no block of this run.
    (old.path / "blocks" / "n=4" / "000000.npz").replace(anew.path / "blocks" / "n=4" / "000000.npz")
    larger = run_study(study, dataclasses.replace(QUICK, draws=6144), tmp_path)
    assert larger.record["blocks_computed"] == 8 + 1


def test_blocks_of_other_code_are_kept_where_the_user_vouches(tmp_path, monkeypatch):
    old = run_study(study, QUICK, tmp_path)
    monkeypatch.setattr("netphysics.lab.store.code_digest", lambda module: "0" * 8)
    kept = run_study(study, QUICK, tmp_path, keep_blocks=True)
    assert kept.record["blocks_computed"] == 0
    assert "though other code has made them" in kept.record["notes"][0]
    assert claims_of(kept) == claims_of(old)


def test_the_digest_of_code_follows_files(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_study.py").write_text("x = 1\n")
    importlib.import_module("own_study")
    before = code_digest("own_study")
    code_digest.cache_clear()
    assert code_digest("own_study") == before
    (tmp_path / "own_study.py").write_text("x = 2\n")
    code_digest.cache_clear()
    assert code_digest("own_study") != before != code_digest("netphysics.studies.fields.signals_by_depth")


def test_a_worker_of_other_code_is_refused(reference):
    """On a cluster every machine has an installation of its own."""
    block = Plan(tuple(study.cells(QUICK)), QUICK.draws, QUICK.block_size).blocks(study.cells(QUICK)[0])[0]
    compute_block((study, QUICK, block), shared_code(study))
    with pytest.raises(ValueError, match="runs other code than this process"):
        compute_block((study, QUICK, block), "01234567")

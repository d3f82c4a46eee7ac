"""Tables of the user's own: what is read is standardized and split, what is wrong is told in one sentence."""

import numpy as np
import pytest

from netphysics.discovery import Columns, dataset, read_table

RNG = np.random.default_rng(3)
TABLE = {name: RNG.normal(size=400) for name in ("x0", "x1", "t", "y")} | {
    "run": np.repeat(np.arange(40.0), 10),
    "phase": RNG.uniform(0, 2 * np.pi, 400),
    "flat": np.ones(400),
}
PARTS = Columns(("x*",), ("t",), ("y",))


def test_csv_npz_and_hdf5_agree(tmp_path):
    import h5py

    np.savetxt(
        tmp_path / "a.csv", np.stack(list(TABLE.values()), axis=1), delimiter=",", header=",".join(TABLE), comments=""
    )
    np.savez(tmp_path / "a.npz", **TABLE)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, column in TABLE.items():
            file[name] = column
    for suffix in ("csv", "npz", "h5"):
        found = read_table(tmp_path / f"a.{suffix}")
        assert set(found) == set(TABLE)
        assert all(np.array_equal(found[name], TABLE[name]) for name in TABLE)


def test_split_and_standardized():
    found = dataset(TABLE, PARTS, 2, seed=0)
    assert found.train.observation.shape == (320, 2)
    assert found.test.answers.shape == (80, 1, 1)
    both = np.concatenate([found.train.answers, found.test.answers])
    assert (both.mean(), both.std()) == pytest.approx((0, 1), abs=1e-6)


def test_groups_stay_together():
    found = dataset(TABLE, Columns(("x*",), (), ("y",), candidates=("run",), group="run"), 2, seed=0)
    assert not set(found.train.variables.ravel()) & set(found.test.variables.ravel())


def test_angles_become_points_on_a_circle():
    found = dataset(TABLE, Columns(("phase",), (), ("y",), circular=("phase",)), 2, seed=0)
    np.testing.assert_allclose((found.train.observation**2).sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (Columns(("x0", "fase"), (), ("y",)), "did you mean phase"),
        (Columns((), (), ("y",)), "--observation is empty"),
        (Columns(("x*", "flat"), (), ("y",)), "column flat is constant"),
        (Columns(("x*", "y"), (), ("y",)), "column y is an answer and is shown"),
        (Columns(("x*",), (), ("y",), group="flat"), "which has one value"),
        (Columns(("x*", "run"), (), ("y",), circular=("run",)), "angles are in radians"),
    ],
)
def test_bad_columns_are_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        dataset(TABLE, parts, 2, seed=0)


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="9 latents need at least 450"):
        dataset(TABLE, PARTS, 9, seed=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n3,x\n4,y\n", "row 2 has 'x' in column b, which is no number; 2 rows are like that"),
        ("a,b\n1,2\n3\n", "row 2 has 1 fields instead of 2; 1 rows"),
        ("a,b\n1,nan\n2,3\n", "column b has 1 rows without a finite number, the first is row 1"),
        ("a,a\n1,2\n", "has a column twice"),
    ],
)
def test_bad_files_are_refused(content, message, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_table(path)


def test_missing_and_unknown_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        read_table(tmp_path / "a.csv")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(ValueError, match="a table is one of"):
        read_table(tmp_path / "a.txt")

"""Tables of the user's own: what is read is standardized and split, what is wrong is told in one sentence."""

import numpy as np
import pytest

from netphysics.discovery import Columns, dataset, simple_errors
from netphysics.tables import read_table

RNG = np.random.default_rng(3)
TABLE = {name: RNG.normal(size=400) for name in ("x0", "x1", "t", "y")} | {
    "run": np.repeat(np.arange(40.0), 10),
    "phase": RNG.uniform(0, 2 * np.pi, 400),
    "flat": np.ones(400),
    "label": np.repeat(["a", "b", "c", "d"], 100),
    "sigma": np.repeat([0.5, 1.0], 200),
}
PARTS = Columns(("x*",), ("t",), ("y",))


def lacking(*names):
    """The table without the numbers of these columns in its third row."""
    return TABLE | {name: np.where(np.arange(400) == 2, np.nan, TABLE[name]) for name in names}


def test_csv_npz_and_hdf5_agree(tmp_path):
    import h5py

    with open(tmp_path / "a.csv", "w") as stream:
        stream.write(",".join(TABLE) + "\n")
        stream.writelines(",".join(map(str, row)) + "\n" for row in zip(*TABLE.values(), strict=True))
    np.savez(tmp_path / "a.npz", **TABLE)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        for name, column in TABLE.items():
            file[name] = column.astype("S") if name == "label" else column
    for suffix in ("csv", "npz", "h5"):
        found = read_table(tmp_path / f"a.{suffix}")
        assert set(found) == set(TABLE)
        assert all(np.array_equal(found[name], TABLE[name]) for name in TABLE)


def test_split_and_standardized():
    found = dataset(TABLE, PARTS, 2, seed=0)
    assert found.train.observation.shape == (320, 2)
    assert found.test.answers.shape == (80, 1, 1)
    assert (found.train.answers.mean(), found.train.answers.std()) == pytest.approx((0, 1), abs=1e-6)
    back = found.scales.answers(found.train.answers[:, 0], ("y",))["y"]
    assert np.isin(back.astype(np.float32), TABLE["y"].astype(np.float32)).mean() > 0.5
    assert back.mean() == pytest.approx(found.scales.center["y"])


@pytest.mark.parametrize(("group", "share"), [("run", 0.2), ("label", 0.25)])
def test_groups_stay_together(group, share):
    table = TABLE | {"number": np.unique(TABLE[group], return_inverse=True)[1].astype(float)}
    found = dataset(table, Columns(("x*",), (), ("y",), candidates=("number",), group=group), 2, seed=0)
    assert not set(found.train.variables.ravel()) & set(found.test.variables.ravel())
    assert len(found.test.variables) == share * 400


def test_copies_of_a_row_stay_together():
    twice = {name: np.concatenate([column, column]) for name, column in TABLE.items()}
    found = dataset(twice, PARTS, 2, seed=0)
    assert len(found.test.answers) == 160
    assert not set(found.train.answers.ravel()) & set(found.test.answers.ravel())


def test_rows_without_a_group_are_refused():
    run = np.where(np.arange(400) < 3, np.nan, TABLE["run"])
    with pytest.raises(ValueError, match="--group is run, which is missing in 3 rows"):
        dataset(TABLE | {"run": run}, Columns(("x*",), (), ("y",), group="run"), 2, seed=0)


def test_angles_become_points_on_a_circle():
    parts = Columns(("phase",), (), ("y",), circular=("phase",))
    found = dataset(TABLE, parts, 2, seed=0)
    np.testing.assert_allclose((found.train.observation**2).sum(axis=1), 1, rtol=1e-5)
    degrees = dataset(TABLE | {"phase": np.rad2deg(TABLE["phase"])}, parts, 2, seed=0)
    np.testing.assert_allclose(degrees.train.observation, found.train.observation, atol=1e-6)
    assert degrees.scales.degrees == ("phase",)


def test_rows_that_lack_numbers():
    with pytest.raises(ValueError, match="1 of 400 rows lack a number, the first is row 3"):
        dataset(lacking("x0", "y"), PARTS, 2, seed=0)
    dropped = dataset(lacking("x0", "y"), Columns(("x*",), ("t",), ("y",), missing="drop"), 2, seed=0)
    assert len(dropped.train.answers) + len(dropped.test.answers) == 399
    masked = dataset(lacking("x0", "y"), Columns(("x*",), ("t",), ("y",), missing="mask"), 2, seed=0)
    both = [np.concatenate([np.asarray(a) for a in pair]) for pair in zip(masked.train, masked.test, strict=True)]
    assert both[1].shape == (400, 3)
    assert (both[1][:, 1] == 0).sum() == (both[4] == 0).sum() == 1
    assert np.isfinite(np.concatenate([part.ravel() for part in both])).all()


def test_errors_weigh_the_answers():
    found = dataset(TABLE, Columns(("x*",), ("t",), ("y",), errors=("sigma",)), 2, seed=0)
    weights = np.unique(np.concatenate([found.train.weights, found.test.weights]))
    assert weights[1] / weights[0] == pytest.approx(4, rel=1e-5)
    assert weights.mean() == pytest.approx(1, rel=1e-5)
    assert found.error == pytest.approx(2.5**-0.5 / found.scales.spread["y"])


def test_a_straight_line_is_found_and_weighs():
    table = TABLE | {"y": TABLE["x0"] - 2 * TABLE["t"] + np.where(TABLE["sigma"] == 1, 5 * TABLE["x1"] ** 2, 0)}
    table["sigma"] = np.where(TABLE["sigma"] == 1, 1e3, 1.0)
    found = simple_errors(dataset(table, Columns(("x*",), ("t",), ("y",), errors=("sigma",)), 2, seed=0))
    assert found["linear"] < 0.02 < 0.1 < found["mean"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (Columns(("x0", "fase"), (), ("y",)), "did you mean phase"),
        (Columns((), (), ("y",)), "--observation is empty"),
        (Columns(("x*", "flat"), (), ("y",)), "column flat is constant"),
        (Columns(("x*", "y"), (), ("y",)), "column y is an answer and is shown"),
        (Columns(("x*",), (), ("y",), group="flat"), "which has one value"),
        (
            Columns(("x*", "label"), (), ("y",)),
            "text where numbers belong: row 1 has 'a'; 400 of 400 rows are not",
        ),
        (Columns(("x*",), (), ("y",), errors=("t",)), "which is 0 or less in"),
        (Columns(("x*",), (), ("y",), errors=("t", "sigma")), "one for all, or one for each"),
    ],
)
def test_bad_columns_are_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        dataset(TABLE, parts, 2, seed=0)


def test_angles_that_are_none_are_refused():
    with pytest.raises(ValueError, match="angles are radians or degrees"):
        dataset(TABLE | {"phase": 1e3 * TABLE["phase"]}, Columns(("phase",), (), ("y",), circular=("phase",)), 2, 0)


def test_numbers_that_overflow_are_refused():
    with pytest.raises(ValueError, match=r"column y reaches .*e\+150; numbers up to 1e\+100 can be used"):
        dataset(TABLE | {"y": 1e150 * TABLE["y"]}, PARTS, 2, seed=0)


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="9 latents need at least 450"):
        dataset(TABLE, PARTS, 9, seed=0)
    few = {name: column[:160] for name, column in TABLE.items()}
    with pytest.raises(ValueError, match="160 rows, 32 held out with all candidates"):
        dataset(few, Columns(("x*",), (), ("y",), candidates=("t",)), 2, seed=0)
    with pytest.raises(ValueError, match="16 different observations"):
        dataset(few, Columns(("run",), (), ("y",)), 2, seed=0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n3\n", "row 2 has 1 fields and the header 2"),
        ("a,a\n1,2\n", "has a column twice"),
        ("a,b\n", "no row below its header"),
    ],
)
def test_bad_files_are_refused(content, message, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        read_table(path)


def test_empty_fields_and_text(tmp_path):
    (tmp_path / "a.csv").write_text("a,b,c\n1,,x\n3,NA,y\n\n5,2e0,\n")
    found = read_table(tmp_path / "a.csv")
    np.testing.assert_array_equal(found["a"], [1, 3, 5])
    np.testing.assert_array_equal(found["b"], [np.nan, np.nan, 2])
    assert found["c"].tolist() == ["x", "y", ""]


def test_missing_and_unknown_files_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no such file"):
        read_table(tmp_path / "a.csv")
    (tmp_path / "a.npz").write_bytes(b"nothing of the kind")
    with pytest.raises(ValueError, match="no archive of plain arrays"):
        read_table(tmp_path / "a.npz")
    (tmp_path / "a.xlsx").write_text("x")
    with pytest.raises(ValueError, match="a table is one of"):
        read_table(tmp_path / "a.xlsx")

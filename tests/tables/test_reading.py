"""Files as people have them: separators, decimals, encodings, compression and arrays are recognized, or refused."""

import bz2
import gzip
import io
import lzma
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from netphysics.discovery import Columns, dataset
from netphysics.tables import read_table

A, B = [1.5, -2.25, 3e-3], [10.0, 20.0, 30.5]


def read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path)


def agrees(table, names=("a", "b")):
    assert list(table) == list(names)
    np.testing.assert_array_equal(table[names[0]], A)
    np.testing.assert_array_equal(table[names[1]], B)


@pytest.mark.parametrize(
    ("content", "reading"),
    [
        ("a,b\n1.5,10\n-2.25,20\n3e-3,30.5\n", "commas between columns"),
        ("a, b\r\n1.5, 10\r\n-2.25, 20\r\n3e-3, 30.5\r\n", "commas between columns"),
        ("a;b\n1.5;10\n-2.25;20\n3e-3;30.5\n", "semicolons between columns"),
        ("a;b\n1,5;10\n-2,25;20\n3e-3;30,5\n", "semicolons between columns, decimal commas"),
        ("a\tb\n1,5\t10\n-2,25\t20\n3e-3\t30,5\n", "tabs between columns, decimal commas"),
        ('a,b\n"1,5",10\n"-2,25",20\n"3e-3","30,5"\n', "commas between columns, decimal commas"),
        ("  a   b\n 1.5   10\n-2.25 20\n 3e-3  30.5\n", "spaces between columns"),
        ("# by hand\n# a b\n1.5 10\n-2.25 20\n3e-3 30.5\n", "spaces between columns, 1 comment lines left out"),
        ("#a,b\n1.5,10\n-2.25,20\n3e-3,30.5\n", "commas between columns"),
        ("% x\n\na,b\n1.5,10\n# bad day\n-2.25,20\n\n3e-3,30.5", "commas between columns, 2 comment lines left out"),
        (",a,b\n0,1.5,10\n1,-2.25,20\n2,3e-3,30.5\n", "commas between columns, a column without a name left out"),
        ("a,b,\n1.5,10,\n-2.25,20,\n3e-3,30.5,\n", "commas between columns, a column without a name left out"),
    ],
)
def test_text_is_read_as_it_is_meant(content, reading, tmp_path):
    table = read(tmp_path / "table.dat", content)
    agrees(table)
    assert table.reading == reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_encodings(encoding, tmp_path):
    table = read(tmp_path / "a.csv", "Länge,b\n1.5,10\n-2.25,20\n3e-3,30.5\n".encode(encoding))
    agrees(table, ("Länge", "b"))
    assert ("Latin-1" in table.reading, "UTF-16" in table.reading) == (encoding == "latin-1", encoding == "utf-16")


@pytest.mark.parametrize(("suffix", "compress"), [("gz", gzip), ("bz2", bz2), ("xz", lzma)])
def test_compressed(suffix, compress, tmp_path):
    agrees(read(tmp_path / f"a.csv.{suffix}", compress.compress(b"a,b\n1.5,10\n-2.25,20\n3e-3,30.5\n")))


def test_zip(tmp_path):
    for names in (["a.tsv"], ["a.tsv", "b.tsv"]):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for name in names:
                archive.writestr(name, "a\tb\n1.5\t10\n-2.25\t20\n3e-3\t30.5\n")
        if len(names) == 1:
            agrees(read_table(tmp_path / "a.zip"))
    with pytest.raises(ValueError, match=r"it holds 2 files \(a.tsv, b.tsv\); an archive must hold one table"):
        read_table(tmp_path / "a.zip")


def test_empty_tabs_are_missing_numbers(tmp_path):
    table = read(tmp_path / "a.tsv", "a\tb\tc\n1\t\tx\n\t2\ty z\n3\tNaN\t\n")
    np.testing.assert_array_equal(table["a"], [1, np.nan, 3])
    np.testing.assert_array_equal(table["b"], [np.nan, 2, np.nan])
    assert table["c"].tolist() == ["x", "y z", ""]


def test_text_keeps_words_that_elsewhere_mean_missing(tmp_path):
    table = read(tmp_path / "a.csv", 'ion,y\nNA,1\n"K, heavy",2\nCl,null\n')
    assert table["ion"].tolist() == ["NA", "K, heavy", "Cl"]
    np.testing.assert_array_equal(table["y"], [1, 2, np.nan])


def test_infinite_numbers_are_missing(tmp_path):
    np.testing.assert_array_equal(read(tmp_path / "a.csv", "a,b\n1,inf\n-inf,2\n")["a"], [1, np.nan])
    table = {"x": np.arange(400.0), "y": np.where(np.arange(400) == 7, -np.inf, np.arange(400.0) ** 2)}
    with pytest.raises(ValueError, match="1 of 400 rows lack a number, the first is row 8"):
        dataset(table, Columns(("x",), (), ("y",)), 1, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1,2\n3,4\n", "its first line is '1,2', which holds numbers; it must hold the names of the columns"),
        ("star,1.5\nsun,2\n", "its first line is 'star,1.5', which holds numbers"),
        ("a|b\n1|2\n", r"its first line is 'a\|b'; commas, semicolons, tabs or spaces must separate"),
        ("a;b\n1,5;2.5\n", "column a has decimal commas and column b decimal points"),
        ("a;b\n1;2;3\n", "row 1 has 3 fields and the header 2, with semicolons between them: 'a;b'"),
        ("", "it is empty"),
        ("# nothing\n", "it is empty"),
        ("a,,b\n1,2,3\n", "header 'a,,b' has a column twice, or one without a name"),
        (b"\x89PNG\0\0\0a,b", "it is no text: its first line is"),
        (b"\x1f\x8bnothing", "it cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_first_line(content, message, tmp_path):
    with pytest.raises(ValueError, match=message) as refused:
        read(tmp_path / "a.csv", content)
    assert "\n" not in str(refused.value)


def test_thousands_are_no_decimals(tmp_path):
    table = read(tmp_path / "a.tsv", "a\tb\n1,234,567\t1\n2,345,678\t2\n")
    with pytest.raises(ValueError, match="text where numbers belong: row 1 has '1,234,567'"):
        dataset(table, Columns(("a",), (), ("b",)), 1, 0)


def test_arrays_of_two_axes_are_numbered_columns(tmp_path):
    import h5py

    obs, t = np.arange(6.0).reshape(3, 2), np.arange(3)
    np.savez(tmp_path / "a.npz", obs=obs, t=t, version=3)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["obs"], file["version"] = obs, 3
        file.create_group("asked")["t"] = t
    for name, asked in (("a.npz", "t"), ("a.h5", "asked/t")):
        table = read_table(tmp_path / name)
        assert set(table) == {"obs[0]", "obs[1]", asked}
        np.testing.assert_array_equal(table["obs[1]"], obs[:, 1])
        assert Columns(("obs",), ("*t",), ("obs[0]",)).observation == ("obs",)
    content = io.BytesIO()
    np.savez(content, a=np.zeros((3, 2, 2, 2)))
    with pytest.raises(ValueError, match=r"a has shape \(3, 2, 2, 2\)"):
        read(tmp_path / "a.npz", content.getvalue())
    with pytest.raises(ValueError, match="a has 3 rows and b has 2; columns must be of one length"):
        read_table({"a": [1, 2, 3], "b": [1, 2]})


def test_numbered_columns_are_selected_together():
    table = read_table({"obs": np.random.default_rng(0).normal(size=(200, 3)), "y": np.arange(200.0)})
    assert dataset(table, Columns(("obs",), (), ("y",)), 2, 0).columns.observation == ("obs[0]", "obs[1]", "obs[2]")


def test_frames():
    frame = pd.DataFrame({"a": [1, 2, 3], "b": pd.array([1, None, 3], "Int64"), "c": ["x", None, "z"]})
    table = read_table(frame)
    np.testing.assert_array_equal(table["b"], [1, np.nan, 3])
    assert table["c"].tolist() == ["x", "", "z"]


def test_parquet_asks_for_its_library(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match="which is not installed: pip install pyarrow"):
        read(tmp_path / "a.parquet", b"PAR1")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("1.5,10\n-2.25,20\n3e-3,30.5\n", ("column 1", "column 2")),
        ("# measured by hand\n1.5 10\n-2.25 20\n3e-3 30.5\n", ("column 1", "column 2")),
        ("1,5;10\n-2,25;20\n3e-3;30,5\n", ("column 1", "column 2")),
        ("# a b\n1.5 10\n-2.25 20\n3e-3 30.5\n", ("a", "b")),
        ("a\tb\n1.5\t10\n-2.25\t20\n3e-3\t30.5\n", ("a", "b")),
    ],
)
def test_points_need_no_header(content, names, tmp_path):
    (tmp_path / "a.txt").write_text(content)
    agrees(read_table(tmp_path / "a.txt", header=False), names)


@pytest.mark.parametrize(("content", "name"), [("1\n2\n", "column 1"), ("mass\n1\n2\n", "mass")])
def test_points_may_have_one_column(content, name, tmp_path):
    (tmp_path / "a.txt").write_text(content)
    table = read_table(tmp_path / "a.txt", header=False)
    assert {key: column.tolist() for key, column in table.items()} == {name: [1.0, 2.0]}


def test_an_array_of_two_axes_is_a_table(tmp_path):
    np.save(tmp_path / "a.npy", np.transpose([A, B]))
    agrees(read_table(tmp_path / "a.npy"), ("column 1", "column 2"))
    np.save(tmp_path / "b.npy", np.zeros((2, 2, 2)))
    with pytest.raises(ValueError, match=r"an array of shape \(2, 2, 2\); a table is \(rows, columns\)"):
        read_table(tmp_path / "b.npy")


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet is read through pyarrow, which is no dependency")
    frame = pd.DataFrame({"a": A, "b": B, "c": pd.array([1, None, 3], "Int64"), "d": ["x", None, "z"]})
    frame.to_parquet(tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet")
    agrees({name: table[name] for name in ("a", "b")})
    np.testing.assert_array_equal(table["c"], [1, np.nan, 3])
    assert table["d"].tolist() == ["x", "", "z"]

"""Files of others: what they hold themselves, and no more of it than they can."""

import gzip
import io
import os
import zipfile

import h5py
import numpy as np
import pytest

from netphysics.blocks.files import read_file
from netphysics.blocks.foreign import check_hdf5, check_zip, unpacked


def outside(file, path):
    file["x"] = h5py.ExternalLink(str(path), "x")


def raw(file, path):
    file.create_dataset("x", shape=(4,), dtype="f8", external=[(str(path), 0, 32)])


def virtual(file, path):
    layout = h5py.VirtualLayout(shape=(4,), dtype="f8")
    layout[:] = h5py.VirtualSource(str(path), "x", shape=(4,))
    file.create_virtual_dataset("x", layout)


def huge(file, path):
    file.create_dataset("x", shape=(2**40,), dtype="f8", chunks=(1024,))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (outside, "x is a link to another file"),
        (raw, "x lies in another file"),
        (virtual, "x lies in another file"),
        (huge, "its arrays take 8,796,093,022,240 bytes"),
    ],
)
def test_arrays_that_lie_elsewhere_or_nowhere(tmp_path, make, why):
    (tmp_path / "other").write_bytes(bytes(64))
    with h5py.File(tmp_path / "table.h5", "w") as file:
        file["group/sound"] = np.arange(4.0)
        check_hdf5(file, 1000)
        make(file, tmp_path / "other")
        with pytest.raises(ValueError, match=why):
            check_hdf5(file, 1000)


def test_what_unpacks_to_more_than_is_read():
    with (
        gzip.open(io.BytesIO(gzip.compress(bytes(100_000)))) as stream,
        pytest.raises(ValueError, match="more than 99"),
    ):
        unpacked(stream, 99_999)
    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        archive.writestr("table.csv", "x")
        check_zip(archive)
        archive.infolist()[0].file_size = 2**40
        with pytest.raises(ValueError, match="it unpacks to 1,099,511,627,776 bytes"):
            check_zip(archive)


def test_sparse_files_are_not_read(tmp_path):
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 2**40)
    with pytest.raises(ValueError, match="has 1,099,511,627,776 bytes; at most 4,294,967,296 are read"):
        read_file(tmp_path / "sparse")

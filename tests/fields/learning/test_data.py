"""Readers of labeled data, on small files in the true formats and on damaged ones."""

import gzip
import re
import struct

import numpy as np
import pytest

from netphysics.fields.learning.data import DIGITS, labeled, load, split

RNG = np.random.default_rng(7)
IMAGES = RNG.integers(0, 256, (20, 5, 4), np.uint8)
LABELS = (np.arange(20) % 10).astype(np.uint8)


def idx(array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def mnist(folder, images=IMAGES, labels=LABELS, part="train", compress=False):
    for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
        path = folder / f"{part}-{kind}-ubyte"
        content = array if isinstance(array, bytes) else idx(array)
        if compress:
            path, content = path.with_name(path.name + ".gz"), gzip.compress(content)
        path.write_bytes(content)


@pytest.mark.parametrize("compress", [False, True])
def test_mnist(tmp_path, compress):
    mnist(tmp_path, compress=compress)
    mnist(tmp_path, IMAGES[::-1], LABELS[::-1], "t10k", compress)
    data = load(tmp_path)
    assert data.image == (5, 4) and data.classes == 10 and len(data) == 40
    np.testing.assert_allclose(data.inputs[20:], IMAGES[::-1].reshape(20, -1) / 255, rtol=1e-6)
    np.testing.assert_array_equal(data.labels[20:], LABELS[::-1])


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (idx(IMAGES)[:-3], LABELS, "images-idx3-ubyte ends at byte 413; its header, for (20, 5, 4), says 416"),
        (idx(IMAGES)[:9], LABELS, "ends at byte 9; its header alone needs 16"),
        (idx(LABELS), LABELS, "begins with the bytes 00 00 08 01"),
        (b"", LABELS, "ends at byte 0"),
        (IMAGES, LABELS[:-1], "has 19 labels for 20 images"),
        (IMAGES, LABELS + 1, "label 10 in example 9; labels must be 0 to 9"),
        (IMAGES, LABELS % 9, "no example of class 9"),
    ],
)
def test_damaged_mnist(tmp_path, images, labels, message):
    mnist(tmp_path, images, labels)
    with pytest.raises(ValueError, match=re.escape(message)):
        load(tmp_path)


def test_images_of_two_shapes(tmp_path):
    mnist(tmp_path)
    mnist(tmp_path, IMAGES[:, :4], LABELS, "t10k")
    with pytest.raises(ValueError, match="all must have one shape"):
        load(tmp_path)


def test_a_cut_gzip_file(tmp_path):
    mnist(tmp_path, compress=True)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match=r"train-images-idx3-ubyte.gz is damaged or cut off"):
        load(tmp_path)


def test_labels_are_missing(tmp_path):
    mnist(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(ValueError, match="but no train-labels-idx1-ubyte"):
        load(tmp_path)


def cifar():
    return np.concatenate([LABELS[:10, None], RNG.integers(0, 256, (10, 3072), np.uint8)], axis=1)


def test_cifar(tmp_path):
    records = cifar()
    (tmp_path / "data_batch_1.bin").write_bytes(records.tobytes())
    (tmp_path / "test_batch.bin").write_bytes(records.tobytes())
    data = load(tmp_path)
    assert data.image == (32, 32) and data.colors == 3 and len(data) == 20
    # Red, green and blue of the first pixel lie 1024 bytes apart.
    np.testing.assert_allclose(data.inputs[0, :3], records[0, [1, 1025, 2049]] / 255, rtol=1e-6)


def test_damaged_cifar(tmp_path):
    records = cifar()
    path = tmp_path / "data_batch_1.bin"
    path.write_bytes(records.tobytes()[:-5])
    with pytest.raises(ValueError, match=r"data_batch_1.bin ends at byte 30725, within record 9"):
        load(tmp_path)
    records[3, 0] = 200
    path.write_bytes(records.tobytes())
    with pytest.raises(ValueError, match=f"label 200 at byte {3 * 3073}"):
        load(tmp_path)


def test_pickles_are_not_read(tmp_path):
    (tmp_path / "data_batch_1").write_bytes(b"\x80\x02}q\x00.")
    with pytest.raises(ValueError, match="pickled version of CIFAR-10"):
        load(tmp_path)


def test_tables(tmp_path):
    np.savez(tmp_path / "a.npz", x=IMAGES, label=LABELS)
    assert load(tmp_path / "a.npz").image == (5, 4)
    (tmp_path / "a.csv").write_text("u,label,v\n1,0,2\n3,1,4\n")
    data = load(tmp_path / "a.csv")
    np.testing.assert_array_equal(data.inputs, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(data.labels, [0, 1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("u,v\n1,2\n", "one must be `label`"),
        ("u,label\n1,0\n2\n", "row 2 has 1 fields"),
        ("u,label\n1,zero\n", "text where numbers belong: row 1 has 'zero'"),
        ("u,label\n1,0.5\n", "it must be an integer"),
        ("u,label\n1,-1\n", "label -1"),
        ("u,label\nnan,0\n", "NaN or infinity in example 0"),
        ("u,label\n", "has no row below its header"),
        ("", "it is empty"),
    ],
)
def test_bad_csv(tmp_path, text, message):
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(ValueError, match=re.escape(message)):
        load(tmp_path / "bad.csv")


def test_bad_archives(tmp_path):
    path = tmp_path / "bad.npz"
    mixed = np.empty(2, object)
    mixed[:] = [np.zeros((2, 2)), np.zeros((3, 3))]
    np.savez(path, x=mixed, label=np.arange(2))
    with pytest.raises(ValueError, match="images of mixed shape"):
        load(path)
    np.savez(path, x=np.zeros((2, 2)))
    with pytest.raises(ValueError, match="it must hold `label` and one more"):
        load(path)
    path.write_bytes(b"PK no archive")
    with pytest.raises(ValueError, match="cannot be read"):
        load(path)


def test_unknown_sources(tmp_path):
    for source in (tmp_path, tmp_path / "nothing", "digit"):
        with pytest.raises(ValueError, match="it must"):
            load(source)


def test_digits_are_split_and_scaled():
    train, test = split(load(DIGITS), 100, 50)
    assert len(train) == 100 and len(test) == 50 and train.targets.shape == (100, 10)
    np.testing.assert_allclose(np.mean(test.inputs**2, axis=1), 1, rtol=1e-5)
    with pytest.raises(ValueError, match="at most the 1797 examples"):
        split(load(DIGITS), 1790, 50)
    with pytest.raises(ValueError, match="3 examples and 2 labels"):
        labeled(np.zeros((3, 2)), np.arange(2), image=(2,), name="toy")

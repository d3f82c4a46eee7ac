"""Sources of labeled data: what comes with scikit-learn, folders of the classic files, and tables of the user's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .cifar import CLASSES, COLORS, SIDE, read_batches
from .idx import read_idx
from .labeled import Labeled, labeled
from .tables import read_labeled_table, read_npz

DIGITS = "digits"
# Both parts of a data set: which of them is tested on is a study's choice.
PARTS = ("train", "t10k")


def load(source: str | Path) -> Labeled:
    """Labeled data from a source: "digits", a folder, or a table.

    - "digits": 1797 images of 8 x 8 pixels that come with scikit-learn.
    - A folder with MNIST's or Fashion-MNIST's IDX files, named as they are published, gzip or not; or with the binary
      version of CIFAR-10.
    - An `.npz` archive or a table of text with `label`.

    Raises:
        ValueError: for a source that does not exist or is not known, and for damaged files, with the file and the
            byte or line. The pickled version of CIFAR-10 is refused: to unpickle is to run the file as a program.
    """
    if source == DIGITS:
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        return labeled(images / 16, labels, image=(8, 8), classes=10, name=DIGITS)
    path = Path(source)
    if path.is_dir():
        return read_folder(path)
    if not path.is_file():
        raise ValueError(f"data is {source}; it must be {DIGITS!r}, a folder or a file, and there is none of that name")
    return read_npz(path) if path.suffix == ".npz" else read_labeled_table(path)


def read_folder(folder: Path) -> Labeled:
    """The data set that a folder holds; errors as in `load`."""
    images = [found for part in PARTS if (found := idx_file(folder, f"{part}-images-idx3-ubyte"))]
    if images:
        labels = [label_file(folder, path) for path in images]
        pictures = [read_idx(path, 3) for path in images]
        shapes = {each.shape[1:] for each in pictures}
        if len(shapes) != 1:
            raise ValueError(f"{folder} has images of the shapes {sorted(shapes)}; all must have one shape")
        numbers = [read_idx(path, 1) for path in labels]
        for path, one, other in zip(labels, numbers, pictures, strict=True):
            if len(one) != len(other):
                raise ValueError(f"{path} has {len(one)} labels for {len(other)} images; the numbers must be the same")
        return labeled(
            np.concatenate(pictures) / 255,
            np.concatenate(numbers),
            image=next(iter(shapes)),
            classes=10,
            name=folder.name,
        )
    batches = sorted(folder.glob("*_batch*.bin"))
    if batches:
        pixels, classes = read_batches(batches)
        return labeled(pixels / 255, classes, image=(SIDE, SIDE), colors=COLORS, classes=CLASSES, name=folder.name)
    if (folder / "batches.meta").is_file() or (folder / "data_batch_1").is_file():
        raise ValueError(
            f"{folder} holds the pickled version of CIFAR-10, and reading a pickle runs the program in it; "
            "it must be the binary version, cifar-10-binary.tar.gz"
        )
    raise ValueError(
        f"data is {folder}; it must hold train-images-idx3-ubyte and its labels, or CIFAR-10's data_batch_1.bin"
    )


def label_file(folder: Path, images: Path) -> Path:
    """The labels that belong to a file of images."""
    stem = images.name.removesuffix(".gz").replace("images-idx3", "labels-idx1")
    found = idx_file(folder, stem)
    if found is None:
        raise ValueError(f"{folder} has {images.name} but no {stem}; labels must lie beside their images")
    return found


def idx_file(folder: Path, stem: str) -> Path | None:
    """The file of that name, compressed or not, if there is one."""
    return next((path for path in (folder / stem, folder / f"{stem}.gz") if path.is_file()), None)

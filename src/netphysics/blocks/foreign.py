"""Files of others: what they hold themselves, and no more of it than they can."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from .files import LARGEST

if TYPE_CHECKING:
    import h5py


def check_hdf5(file: h5py.File, most: int | None = None) -> None:
    """Refuse an HDF5 file that leads to other files, or has more in it than can be read at once.

    Args:
        most: bytes of all its arrays together; any, where they are read in parts.

    Raises:
        ValueError: naming the array, or the link.
    """
    import h5py

    links: dict[str, Any] = {}
    # The library cannot bear an error in here.
    file.visititems_links(links.__setitem__)
    size = 0
    for name, link in links.items():
        if isinstance(link, h5py.ExternalLink):
            raise ValueError(f"{name} is a link to another file, {link.filename}; such links are not followed")
        node = file[name] if isinstance(link, h5py.HardLink) else None
        if isinstance(node, h5py.Dataset):
            if node.external or node.is_virtual:
                raise ValueError(f"{name} lies in another file, which is not read")
            size += node.nbytes
    if most is not None and size > most:
        raise ValueError(f"its arrays take {size:,} bytes; at most {most:,} are read")


def check_zip(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that says of itself that it unpacks to more than can be read at once.

    Raises:
        ValueError: with its size.
    """
    size = sum(entry.file_size for entry in archive.infolist())
    if size > LARGEST:
        raise ValueError(f"it unpacks to {size:,} bytes; at most {LARGEST:,} are read")


def unpacked(stream: io.BufferedIOBase, most: int = LARGEST) -> bytes:
    """What a stream that decompresses gives.

    Raises:
        ValueError: for more than can be read at once.
    """
    content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it unpacks to more than {most:,} bytes, the most that are read")
    return content

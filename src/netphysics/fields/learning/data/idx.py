"""IDX files, the format of MNIST and Fashion-MNIST: a magic number, the sizes of the axes, and bytes.

The magic number is 0, 0, the type of the numbers (8 for unsigned bytes) and the number of axes; all sizes are
big-endian 32-bit integers.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

UNSIGNED_BYTES = 8


def read_idx(path: Path, axes: int) -> np.ndarray:
    """The array of bytes in an IDX file, compressed with gzip or not.

    Raises:
        ValueError: for another magic number, another number of axes, or a file that ends early or late; it names
            the file and the byte.
    """
    content = contents(path)
    magic = struct.pack(">BBBB", 0, 0, UNSIGNED_BYTES, axes)
    if content[:4] != magic[: len(content[:4])]:
        raise ValueError(
            f"{path} begins with the bytes {content[:4].hex(' ')}; an IDX file of bytes with {axes} axes begins with "
            f"{magic.hex(' ')}"
        )
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError(f"{path} ends at byte {len(content)}; its header alone needs {start}")
    shape = struct.unpack(f">{axes}I", content[4:start])
    end = start + math.prod(shape)
    if len(content) != end:
        raise ValueError(f"{path} ends at byte {len(content)}; its header, for {shape}, says {end}")
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def contents(path: Path) -> bytes:
    """The bytes of a file, decompressed if its name ends in .gz."""
    if path.suffix != ".gz":
        return path.read_bytes()
    content = bytearray()
    with gzip.open(path) as stream:
        try:
            while piece := stream.read(1 << 16):
                content += piece
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            size = path.stat().st_size
            raise ValueError(
                f"{path} is damaged or cut off: after {size} bytes, {len(content)} are decompressed ({error})"
            ) from None
    return bytes(content)

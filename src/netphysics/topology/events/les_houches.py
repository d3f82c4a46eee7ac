"""Les Houches event files: the particles that leave the hard collision."""

from __future__ import annotations

import contextlib
import itertools
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Generator
from pathlib import Path
from typing import cast

import numpy as np

from .events import Events

OUTGOING = 1


def read_les_houches(path: Path, count: int | None) -> Events:
    """Outgoing particles of each event, in their order in the file; zeros where an event has fewer than others.

    Raises:
        ValueError: for a file that is not well formed.
    """
    import pylhe

    events = []
    try:
        # What is cut off is only warned about, and would be missing without a word.
        with (
            warnings.catch_warnings(action="error", category=RuntimeWarning),
            # It is a generator, which holds the file open, though declared as less.
            contextlib.closing(
                cast("Generator[pylhe.LHEEvent, None, None]", pylhe.LHEFile.fromfile(path).events)
            ) as read,
        ):
            for event in itertools.islice(read, count):
                events.append([(p.e, p.px, p.py, p.pz) for p in event.particles if p.status == OUTGOING])
    except (ET.ParseError, ValueError, AttributeError, IndexError, RuntimeError, RuntimeWarning) as error:
        raise ValueError(f"{path} is no readable file of Les Houches events ({error})") from None
    momenta = np.zeros((len(events), max(map(len, events), default=0), 4))
    for row, particles in enumerate(events):
        momenta[row, : len(particles)] = particles
    return Events(momenta, None, "outgoing particles of Les Houches events")

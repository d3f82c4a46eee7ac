"""Events from files: readers of several layouts, and checks that refuse with a count."""

from .columns import from_columns
from .events import Events, check_events, hardest
from .frames import Frame, Framed, at_rest, check_conservation, imbalance, in_one_frame
from .reading import EventSets, read_events, read_sets

__all__ = [
    "EventSets",
    "Events",
    "Frame",
    "Framed",
    "at_rest",
    "check_conservation",
    "check_events",
    "from_columns",
    "hardest",
    "imbalance",
    "in_one_frame",
    "read_events",
    "read_sets",
]

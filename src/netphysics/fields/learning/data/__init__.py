"""Labeled data that are real: readers, checks, and splits."""

from .labeled import Labeled, labeled, split
from .sources import DIGITS, load

__all__ = ["DIGITS", "Labeled", "labeled", "load", "split"]

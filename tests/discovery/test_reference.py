"""The numbers of the discovery wing that are on record are those that the README shows."""

import json
from pathlib import Path

import pytest

from netphysics.stats import Estimate

ROOT = Path(__file__).parents[2]
ROWS = json.loads((ROOT / "tests" / "reference" / "discovery.json").read_text())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["quantity"])
def test_the_readme_shows_what_is_on_record(row):
    assert row["seeds"] >= 4
    shown = f"| {row['quantity']} | {Estimate(row['value'], row['error'], row['seeds'])} |"
    assert shown in (ROOT / "README.md").read_text()

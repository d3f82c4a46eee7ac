"""Figures and their table twins."""

import csv
import io

import pytest

from netphysics.report import Figure, Table, figure
from netphysics.stats import Estimate


def test_csv_keeps_full_precision_and_gives_errors_their_own_column():
    table = Table(("width $N$", "kind", "$G$"), [(5, "a, b", Estimate(1 / 3, 0.01, 10)), (10, 'c "d"', 0.5)])
    rows = list(csv.reader(io.StringIO(table.csv())))
    assert rows[0] == ["width $N$", "kind", "$G$", "standard error of $G$"]
    assert rows[1] == ["5", "a, b", repr(1 / 3), "0.01"]
    assert rows[2] == ["10", 'c "d"', "0.5", ""]


def test_a_table_refuses_rows_that_do_not_fit():
    with pytest.raises(ValueError, match="row 1 of a table has 1 cells; the table has 2 columns"):
        Table(("a", "b"), [(1, 2), (1,)])
    with pytest.raises(ValueError, match=r"shape \(2,\) in column 'b'"):
        Table(("a", "b"), [(1, Estimate.exact([1.0, 2.0]))])


@pytest.mark.parametrize("name", ["", "Two Words", "a_b", "-a", "<b>"])
def test_a_figure_refuses_names_that_are_no_slug(name):
    with pytest.raises(ValueError, match="lower case"):
        Figure(name, "Caption.", figure()[0], Table((), []))

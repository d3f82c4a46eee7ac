"""What `netphysics run --json` prints follows its schema, for claims of every kind; progress stays quiet."""

import json
from importlib.resources import files

import numpy as np
import pytest
from jsonschema import Draft202012Validator, ValidationError

from netphysics.cli import main
from netphysics.cli.claims_text import in_order, plain
from netphysics.cli.compare import compare, difference
from netphysics.cli.progress import Lines
from netphysics.lab import Progress
from netphysics.stats import Claim, Estimate

SEEN = Estimate(0.5, 0.1, 40, 7.0)
CLAIMS = [
    Claim("equal", "$x$ is 0.4", 0.4, SEEN, "theory", "us"),
    Claim("array", "Arrays too", [0.4, np.nan], Estimate([0.5, np.nan], 0.1, 40), "theory", "us"),
    Claim.within("within", "x is 0.4 to 0.2", 0.4, 0.2, SEEN, "literature", "them"),
    Claim.at_least("least", "x is large", 5.0, SEEN, "literature", "them", "It is small."),
    Claim.at_most("most", "x is small", 5.0, SEEN, "conjecture", "us"),
    Claim.fraction("fraction", "Most hit", 0.5, 3, 4, "literature", "them"),
    Claim.count("count", "There are three", 3, 4, "theory", "us"),
]


@pytest.fixture(scope="module")
def schema():
    return Draft202012Validator(json.loads((files("netphysics") / "schema" / "run.json").read_text()))


def document(*claims):
    path = {"study": "x", "config": {}, "path": "runs/x/1", "report": "runs/x/1/report.html"}
    return json.loads(
        json.dumps({"schema_version": 1, **path, "claims": [c.to_json() for c in claims]}, allow_nan=False)
    )


def test_every_kind_follows_the_schema(schema):
    schema.check_schema(schema.schema)
    schema.validate(document(*CLAIMS))


@pytest.mark.parametrize(
    "key", ["id", "kind", "origin", "expected", "observed", "interval", "pull", "verdict", "source"]
)
def test_the_schema_misses_what_is_left_out(schema, key):
    page = document(CLAIMS[0])
    del page["claims"][0][key]
    with pytest.raises(ValidationError):
        schema.validate(page)


def test_theory_that_fails_is_first_and_then_what_is_open():
    assert [claim.id for claim in in_order(CLAIMS)][:2] == ["count", "array"]


def test_numbers_read_as_in_print():
    assert plain("-4.0(9)e-07") == "−4.0(9)×10⁻⁷" and plain("1e+12") == "1×10¹²"


def test_off_a_terminal_there_are_few_lines(make_study, capsys):
    watch = Lines(make_study())
    for done in range(1, 201):
        watch(Progress(done, 200, "cell", note="a note" if done == 100 else ""))
    lines = [json.loads(line)["done"] for line in capsys.readouterr().err.splitlines()]
    assert lines == [1, 100, 200]


@pytest.fixture
def make_study():
    import random_walk

    return lambda: random_walk.study


def test_compare_tells_claims_of_two_runs_apart():
    other = Claim("equal", "$x$ is 0.4", 0.4, Estimate(0.8, 0.1, 40), "theory", "us")
    rows = {row["id"]: row for row in compare(CLAIMS, [other])}
    assert rows["equal"]["difference"] == pytest.approx(-3 / np.sqrt(2))
    assert rows["equal"]["second"]["verdict"] == "agrees" and rows["least"]["second"] is None
    assert difference(CLAIMS[1], other) is None and list(rows) == [claim.id for claim in CLAIMS]


def test_help_and_version(capsys):
    for words in (["help", "list"], ["list", "--help"]):
        with pytest.raises(SystemExit):
            main(words)
        assert "usage: netphysics list" in capsys.readouterr().out
    assert main(["-V"]) == main(["--version"]) == 0
    one, other = capsys.readouterr().out.split()
    assert one == other
    assert main(["help", "rnu"]) == 2 and "did you mean run?" in capsys.readouterr().err

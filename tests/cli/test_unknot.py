"""`netphysics unknot`: verdicts, budgets, files, and the page."""

import json
import re
import subprocess
import sys

import pytest

from netphysics.cli import main
from netphysics.cli.player import MOST_NUMBERS, frames
from netphysics.knots.arcs import ArcCertificate, arc_presentation, check, simplify
from netphysics.knots.published import hard_unknots
from netphysics.knots.reidemeister import ReidemeisterCertificate
from netphysics.knots.reidemeister import check as check_reidemeister

HARD = {unknot.name: unknot.diagram for unknot in hard_unknots()}
OCHIAI = json.dumps(HARD["ochiai"].crossings)
KEYS = {"verdict", "reason", "start", "moves", "replayed", "seconds"}


def test_json_holds_moves_that_replay(capsys):
    assert main(["unknot", OCHIAI, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "unknot" and found["replayed"] and set(found) == KEYS | {"out"}
    check(ArcCertificate.from_json({**found, "end": [[0, 1], [0, 1]]}))


@pytest.mark.parametrize(
    ("knot", "verdict", "reason"),
    [
        ("1 1 1", "knot", "Alexander polynomial t^-1 - 1 + t"),
        ("2 2 2 1 -3 -2 -2 1 -2 1 -3", "knot", "Jones polynomial"),
        ("DT 4 6 8 2", "knot", "Alexander polynomial -t^-1 + 3 - t"),
        ("-1 2 3", "unknot", "move"),
        ("[[1,5,12,6],[6,12,7,11],[9,10,10,11],[8,1,9,4],[7,5,8,4]]", "unknot", "untie its grid diagram of 6 arcs"),
    ],
)
def test_verdicts_come_with_a_reason(knot, verdict, reason, capsys):
    assert main(["unknot", knot]) == 0
    out = capsys.readouterr().out
    assert out.startswith(verdict + "\n") and reason in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["1 1"], "the closure of the braid is a link of 2 components; this needs a knot"),
        (["1", "--budget", "60"], "--budget is 60; it must be a positive time with its unit: 500ms, 60s, 5min, 1h"),
        (["1", "--budget", "0s"], "--budget is 0s; it must be a positive time"),
        (["1", "--budget=-3s"], "--budget is -3s; it must be a positive time"),
        (["1", "--budget", "-3s"], "--budget is -3s; it must be a positive time"),
        (["1", "--out", "page.pdf"], "--out is page.pdf; it must end in .html"),
        (["knots.txt"], "there is no file knots.txt"),
        (["1 x"], "letter 2 of the braid word is 'x'; it must be an integer"),
    ],
)
def test_bad_input_is_one_sentence(words, sentence, capsys):
    assert main(["unknot", *words]) == 2
    err = capsys.readouterr().err
    assert sentence in err and err.count("\n") == 1


def test_a_file_gives_a_table_and_names_its_bad_line(tmp_path, capsys):
    path = tmp_path / "knots"
    path.write_text(f"# three knots\n3_1#4_1 # a sum\n\n1 0 2\n{OCHIAI}  # by Ochiai\n")
    assert main(["unknot", str(path)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert [re.split(r"\s+", line.strip())[:2] for line in lines[1:]] == [
        ["2", "knot"],
        ["4", "error"],
        ["5", "unknot"],
    ]
    assert "letter 2 of the braid word is 0" in lines[2]
    assert main(["unknot", str(path), "--json"]) == 2
    rows = json.loads(capsys.readouterr().out)
    assert [row["line"] for row in rows] == [2, 4, 5] and set(rows[0]) == KEYS | {"line"}
    assert main(["unknot", str(path), "--out", "page.html"]) == 2
    path.write_bytes(b"\xef\xbb\xbf1 -2 1 2\r\n")
    assert main(["unknot", str(path)]) == 0
    path.write_text("# nothing\n")
    assert main(["unknot", str(path)]) == 2
    path.write_bytes(b"\xff\xfe\x00")
    assert main(["unknot", str(path)]) == 2
    assert capsys.readouterr().err.endswith("is no text file; it must hold one knot in a line\n")


TREFOIL = "[[1;5;2;4];[3;1;4;6];[5;3;6;2]]"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f'Name,PD Notation\n3_1,"{TREFOIL.replace(";", ",")}"\nnone,{TREFOIL}\n', ["3_1", "none"]),
        ("name\tcrossings\tplanar diagram\n3_1\t3\tPD[X[1,5,2,4],X[3,1,4,6],X[5,3,6,2]]\n", ["3_1"]),
        ("Name|Alternating|DT Notation|Braid Notation\n3_1|Y|[6, 4, 2]|{1,1,1}\n", ["3_1"]),
        ("# from a table\nDT Notation;genus\n4 6 2;1\n", [None]),
        ("Name,DT Notation\n3_1,[4, 6, 2]\n", ["3_1"]),
        (f"sample;pd\nA;{TREFOIL}\n", [None]),
        ('knot,gauss code\nmine,"-1, 2, -3, 1, -2, 3"\n', ["mine"]),
        ("knot,genus\n3_1,1\n", [None]),
    ],
)
def test_a_table_is_read_by_the_column_of_its_notation(text, names, tmp_path, capsys):
    path = tmp_path / "knots.csv"
    path.write_text(text)
    assert main(["unknot", str(path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row.get("name") for row in rows] == names
    assert all(row["reason"] == "Alexander polynomial t^-1 - 1 + t" for row in rows)


def test_what_a_table_lacks_is_named(tmp_path, capsys):
    path = tmp_path / "knots.csv"
    path.write_text("name,pd\n3_1\n0_1,0_1\n")
    assert main(["unknot", str(path)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:3] for line in lines] == [["name", "verdict"], ["3_1", "error"], ["0_1", "unknot"]]
    assert main(["unknot", f"{tmp_path}/"]) == 2
    assert "is a folder; it must be a file of knots" in capsys.readouterr().err


def test_the_command_needs_no_jax_and_its_page_no_network(tmp_path):
    path = tmp_path / "ochiai.html"
    words = ["unknot", OCHIAI, "--out", str(path)]
    script = f"import sys; sys.modules['jax'] = None; from netphysics.cli import main; sys.exit(main({words}))"
    subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    page = path.read_text()
    assert "ArrowLeft" in page and "<svg" in page and not re.search(r"(src|href)=\"http", page)


def test_a_page_stays_small_however_long_the_solution():
    presentation = arc_presentation(HARD["gordian"])
    certificate = simplify(presentation, 20_000).certificate
    shown, following = frames(certificate)
    assert sum(len(ends) for _, ends, *_ in shown) <= MOST_NUMBERS
    assert shown[0][0] == 0 and shown[-1][0] == len(certificate.moves) and len(following) == len(shown)


def test_reidemeister_moves_come_on_request(capsys):
    assert main(["unknot", OCHIAI, "--json", "--reidemeister"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS | {"out", "reidemeister"} and found["reidemeister"]["start"] == json.loads(OCHIAI)
    certificate = ReidemeisterCertificate.from_json(found["reidemeister"])
    check_reidemeister(certificate)
    assert main(["unknot", OCHIAI, "--reidemeister"]) == 0
    assert f"{len(certificate.moves)} Reidemeister moves untie the diagram" in capsys.readouterr().out
    assert main(["unknot", "1 1 1", "--json", "--reidemeister"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == KEYS | {"out"}

"""The gallery over a folder of runs."""

import json

import pytest

from netphysics.report import gallery, write_gallery, write_report
from netphysics.report.gallery import summary


@pytest.fixture(scope="module")
def folder(make_run, tmp_path_factory):
    """Two finished runs of one study, and one that has not ended."""
    root = tmp_path_factory.mktemp("gallery")
    for name, options in (("0123456789", {}), ("abcdef0123", {"init": "orthogonal", "note": "<script>x"})):
        run = make_run(root / "four-point" / name, **options)
        run.path.mkdir(parents=True)
        (run.path / "run.json").write_text(json.dumps(run.record))
        (run.path / "claims.json").write_text(json.dumps([claim.to_json() for claim in run.claims]))
        write_report(run)
    (root / "four-point" / "unfinished").mkdir()
    return root


def test_it_has_a_card_for_each_finished_run(folder):
    text = write_gallery(folder).read_text()
    assert text.count('class="card"') == 2
    assert 'href="four-point/0123456789/report.html"' in text
    assert "init orthogonal" in text and "widths" not in text  # only what differs
    assert "2 claims disagree" in text and "&lt;script&gt;x" in text
    assert text.count("<script>") == 1
    assert text.count('class="plot"') == 2


def test_ids_of_all_thumbnails_differ(folder):
    text = write_gallery(folder).read_text()
    assert 'id="run-0123456789-correlators-title"' in text and 'id="run-abcdef0123-correlators-title"' in text


def test_a_summary_reads_what_the_report_says(folder):
    found = summary(folder / "four-point" / "0123456789")
    assert (found.study, found.wing) == ("four-point", "fields")
    assert found.question.startswith("Do the correlators") and "$1/N$" in found.question
    assert sorted(found.verdicts) == ["agrees", "agrees", "agrees", "disagrees", "undecided"]
    assert summary(folder / "four-point" / "unfinished") is None


def test_it_can_lie_elsewhere(folder, tmp_path):
    run = folder / "four-point" / "0123456789"
    text = gallery([run], folder / "four-point")
    assert 'href="0123456789/report.html"' in text and text.count('class="card"') == 1
    with pytest.raises(ValueError, match="holds no finished run with a report"):
        gallery([run, tmp_path], folder)


def test_an_empty_folder_says_so(tmp_path):
    assert "There is no finished run" in write_gallery(tmp_path).read_text()
    with pytest.raises(ValueError, match="is not a folder"):
        write_gallery(tmp_path / "nowhere")

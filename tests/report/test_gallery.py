"""The gallery over a folder of runs."""

import pytest

from netphysics.report import gallery, write_gallery
from netphysics.report.gallery import summary


def test_it_has_a_card_for_each_finished_run(folder):
    text = write_gallery(folder).read_text()
    assert text.count('class="card"') == 2
    assert 'href="four-point/0123456789/report.html"' in text
    assert "init orthogonal" in text and "widths" not in text  # only what differs
    assert "2 findings" in text and "fail" not in text.partition("<body>")[2] and "&lt;script&gt;x" in text
    assert text.count("<script>") == 1
    assert text.count('class="plot"') == 2


def test_ids_of_all_thumbnails_differ(folder):
    text = write_gallery(folder).read_text()
    assert 'id="run-0123456789-correlators-title"' in text and 'id="run-abcdef0123-correlators-title"' in text


def test_a_summary_reads_what_the_report_says(folder):
    found = summary(folder / "four-point" / "0123456789")
    assert (found.study, found.wing) == ("four-point", "fields")
    assert found.question.startswith("Do the correlators") and "$1/N$" in found.question
    assert sorted(found.standings) == ["agrees", "agrees", "agrees", "finding", "undecided"]
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

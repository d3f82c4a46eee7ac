"""Bad command lines, made from the parsers themselves: exit 2, one sentence, nothing written."""

import contextlib
import importlib
import os
from pathlib import Path

import pytest

from netphysics.cli import COMMANDS, main
from netphysics.cli.arguments import Parser

LONG = "a" * 300
HUGE = "9" * 30


class Caught(Exception):
    pass


def parser_of(command, monkeypatch):
    """The parser of a command, caught when it is about to parse; None for one whose options are a dataclass."""
    caught = []

    def parse(parser, *words, **keywords):
        caught.append(parser)
        raise Caught

    with monkeypatch.context() as patch:
        patch.setattr(Parser, "parse_args", parse)
        patch.setattr("tyro.cli", parse)
        with contextlib.suppress(Caught, ValueError, SystemExit):
            importlib.import_module(f"netphysics.cli.{command.replace('-', '_')}").main(["x"])
    return caught[0] if caught and isinstance(caught[0], Parser) else None


def bad_lines(parser):
    """Lines that no reading can make right: numbers that are none, values that are missing, files that cannot be."""
    positional = [action for action in parser._actions if not action.option_strings]
    needed = [LONG for action in positional if action.nargs not in ("?", "*")]
    required = [
        word
        for action in parser._actions
        if action.required and action.option_strings
        for word in (action.option_strings[-1], LONG)
    ]
    yield [*needed, "--no-such-option"]
    yield [*needed, "--no-such-option=1"]
    for action in parser._actions:
        if not action.option_strings or action.nargs == 0:
            continue
        flag = action.option_strings[-1]
        yield [*needed, flag]
        if action.choices:
            yield [*needed, flag, LONG]
        if action.type in (int, float):
            for word in (LONG, "", "ten", "nan", "inf", "-inf", "1e400", "0x", "1,5"):
                yield [*needed, *required, f"{flag}={word}"]
        if action.type is int:
            for word in (HUGE, f"-{HUGE}", "1.5"):
                yield [*needed, *required, f"{flag}={word}"]


@pytest.mark.parametrize("command", COMMANDS)
def test_bad_words_are_told_in_one_sentence(command, monkeypatch, tmp_path, capfd):
    monkeypatch.chdir(tmp_path)
    parser = parser_of(command, monkeypatch)
    if parser is None:
        return
    for words in bad_lines(parser):
        assert main([command, *words]) == 2, words
        out, err = capfd.readouterr()
        assert out == "", words
        assert err.startswith("netphysics: ") and err.count("\n") == 1 and len(err) <= 300, (words, err)
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["check", LONG],
        ["check", "nowhere"],
        ["serve", LONG],
        ["cite", LONG],
        ["run", LONG],
        ["run", "signals-by-depth", "--draws", HUGE],
        ["run", "signals-by-depth", "--width", HUGE],
        ["run", "signals-by-depth", "--until-error", "inf"],
        ["run", "signals-by-depth", "--out", f"{LONG}/runs"],
        ["apply", "a\0b", "c"],
        ["check", "a\0b"],
        ["knot", HUGE],
        ["words", "--count", HUGE],
        ["words", "--count", LONG],
        ["classifier", "--steps", HUGE],
        ["classifier", f"--{LONG}"],
    ],
    ids=lambda words: " ".join(words)[:30].replace("\0", "zero"),
)
def test_other_bad_words(words, monkeypatch, tmp_path, capfd):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1 and len(err) <= 300, err
    assert not os.listdir(tmp_path)

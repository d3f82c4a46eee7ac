"""Bad command lines, made from the parsers and the options of all commands: what no reading can make right."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tyro

from netphysics.cli import COMMANDS
from netphysics.cli.arguments import Number, Parser
from netphysics.lab import catalog
from netphysics.lab.accepted import ACCEPTED, Accepted, said

LONG = "a" * 300
HUGE = str(10**21)
NO_INTEGERS = ("ten", "", "1.5", "nan", "inf", "1e400", "0x10", "1,5", HUGE, f"-{HUGE}", LONG)
NO_NUMBERS = ("ten", "", "nan", "inf", "-inf", "1e400", "0x10", "1,5", LONG)
# No name of a file that is read, of a folder, or of a file that is written without --force.
NO_FILES = (LONG, f"{LONG}/{LONG}.html", "nowhere/deeper.npz", "pipe.npz", "bytes.npz", "nul\0.npz")


class Caught(Exception):
    """A command was about to parse its words."""


class Field(NamedTuple):
    """An option or a positional argument: its flag (empty for a positional), its type, and what it accepts."""

    flag: str
    kind: Any
    accepted: Accepted
    required: bool = False
    choices: tuple[Any, ...] = ()
    many: bool = False
    count: int = 1


def fields_of(command: str, words: list[str]) -> list[Field]:
    """What a command takes, caught when it begins to parse."""
    caught: list[Any] = []

    def parse(first: Any, *rest: Any, **keywords: Any) -> Any:
        caught.append(first)
        raise Caught

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parser, "parse_args", parse)
        patch.setattr(tyro, "cli", parse)
        with contextlib.suppress(Caught, ValueError):
            importlib.import_module(f"netphysics.cli.{command.replace('-', '_')}").main(words)
    if not caught:
        return []
    return list(of_parser(caught[0]) if isinstance(caught[0], Parser) else of_dataclass(caught[0]))


def of_parser(parser: Parser) -> Iterator[Field]:
    for action in parser._actions:
        if action.nargs != 0:
            kind = action.type or str
            number = kind if isinstance(kind, Number) else None
            yield Field(
                action.option_strings[-1] if action.option_strings else "",
                number.kind if number else kind,
                number.accepted if number else Accepted(entries=0),
                action.required and action.nargs not in ("?", "*"),
                tuple(action.choices or ()),
                count=action.nargs if isinstance(action.nargs, int) else 1,
            )


def of_dataclass(options: type) -> Iterator[Field]:
    hints = typing.get_type_hints(options, include_extras=True)
    for part in dataclasses.fields(options):
        if dataclasses.is_dataclass(hints[part.name]):
            yield from of_dataclass(hints[part.name])
            continue
        kind, positional, many, choices = plain(hints[part.name])
        flag = "" if positional else "--" + part.name.replace("_", "-")
        accepted = said(options, part.name, ACCEPTED) or Accepted(entries=0)
        if kind is not bool:
            yield Field(flag, kind, accepted, part.default is dataclasses.MISSING, choices, many)


def plain(hint: Any) -> tuple[Any, bool, bool, tuple[Any, ...]]:
    """The type behind an annotation, whether it is positional and may have several values, and its choices."""
    positional = hasattr(hint, "__metadata__")
    hint = hint.__origin__ if positional else hint
    kinds = [each for each in typing.get_args(hint) if each is not type(None)]
    if type(None) in typing.get_args(hint):
        hint = kinds[0]
    many = typing.get_origin(hint) is tuple
    if many:
        hint = typing.get_args(hint)[0]
    if typing.get_origin(hint) is typing.Literal:
        return str, positional, many, typing.get_args(hint)
    return hint, positional, many, ()


def bad_values(field: Field) -> Iterator[str]:
    """Words that are no value of a field, the most interesting ones first."""
    if field.choices:
        yield from ("nonsense", LONG)
    elif field.kind in (int, float):
        yield from outside(field.accepted, field.kind)
        yield from NO_INTEGERS if field.kind is int else NO_NUMBERS
    elif field.kind is Path:
        yield from NO_FILES


def outside(accepted: Accepted, kind: type) -> Iterator[str]:
    """Numbers next to what is accepted."""
    step = 1 if kind is int else 1e-9
    if accepted.least is not None:
        yield from (str(accepted.least - step), "-7")
    if accepted.above is not None:
        yield from (str(kind(accepted.above)), "-7")
    if accepted.below is not None:
        yield str(kind(accepted.below))
    if accepted.between is not None:
        yield from (str(accepted.between[0] - step), str(accepted.between[1] + step))
    if accepted.multiple is not None:
        yield str(accepted.multiple * 1000 + 1)


def bad_lines() -> Iterator[tuple[list[str], str]]:
    """All of them, each with the flag that is to blame; empty where another word may be, too."""
    for command in COMMANDS:
        subjects = catalog.names() if command == "run" else [""]
        for subject in subjects:
            before = [command, *([subject] if subject else [])]
            fields = fields_of(command, [subject or "x"])
            yield from ((line, flag) for line, flag in lines_of(before, fields))


def lines_of(before: list[str], fields: list[Field]) -> Iterator[tuple[list[str], str]]:
    needed = [word for field in fields if field.required for word in filled(field)]
    yield [*before, *needed, "--no-such-option"], "--no-such-option"
    yield [*before, *needed, "--no-such-option=1"], "--no-such-option"
    for field in fields:
        others = [word for other in fields if other.required and other != field for word in filled(other)]
        # The other words name files that are not there.
        blamed = "" if field.kind is Path else field.flag
        for value in bad_values(field):
            if not field.flag:
                yield [*before, *others, value], ""
            elif field.many:
                yield [*before, *others, field.flag, value], blamed
            else:
                yield [*before, *others, f"{field.flag}={value}"], blamed
        if field.flag and (not field.many or field.accepted.entries):
            yield [*before, *others, field.flag], field.flag
        if field.flag and field.accepted.distinct and field.kind is int:
            yield [*before, *others, field.flag, "5", "5"], field.flag


def filled(field: Field) -> list[str]:
    return ([field.flag] if field.flag else []) + [str(field.choices[0]) if field.choices else "x"] * field.count

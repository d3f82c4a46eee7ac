"""`netphysics completion SHELL`: a completion script, made from the catalog."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import get_args

from netphysics.cli import COMMANDS
from netphysics.lab import catalog

from .arguments import Parser
from .run import Preset, RunOptions

# The options of each study, and the values that an option lists.
Flags = Mapping[str, Mapping[str, Sequence[str]]]
LITERAL = re.compile(r"Literal\[(.*?)\]")

BASH = """_netphysics() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=
    case "$COMP_CWORD:${{COMP_WORDS[1]}}:${{COMP_WORDS[2]}}:$before" in
        1:*) words="{commands}" ;;
        2:help:*) words="{commands}" ;;
        2:run:*|2:show:*) words="{studies}" ;;
{values}
{options}
        *) COMPREPLY=($(compgen -f -- "$word")); return ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -F _netphysics netphysics
"""
# zsh understands bash's completion once asked to.
ZSH = "autoload -U +X bashcompinit && bashcompinit\n" + BASH
INSTALL = 'add to your shell\'s start-up file:  eval "$(netphysics completion bash)"   (or zsh, fish)'


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics completion", description=INSTALL)
    parser.add_argument("shell", choices=("bash", "zsh", "fish"))
    options = parser.parse_args(arguments)
    entries = [catalog.entry(name) for name in catalog.names()]
    common = {"--" + field.name.replace("_", "-"): () for field in dataclasses.fields(RunOptions)}
    common["--preset"] = get_args(Preset)
    flags = {entry.name: common | {option.name: values(option.type) for option in entry.options} for entry in entries}
    print(fish(flags) if options.shell == "fish" else shell(options.shell, flags), end="")
    return 0


def values(annotation: str) -> tuple[str, ...]:
    """The values that an option takes, as far as its type lists them."""
    listed = LITERAL.search(annotation)
    return tuple(re.findall(r"'([^']*)'", listed[1])) if listed else ()


def shell(name: str, flags: Flags) -> str:
    cases = [
        f'        *:run:{study}:{flag}) words="{" ".join(listed)}" ;;'
        for study, options in flags.items()
        for flag, listed in options.items()
        if listed
    ]
    options = [f'        *:run:{study}:*) words="{" ".join(words)}" ;;' for study, words in flags.items()]
    template = BASH if name == "bash" else ZSH
    return template.format(
        commands=" ".join(COMMANDS), studies=" ".join(flags), values="\n".join(cases), options="\n".join(options)
    )


def fish(flags: Flags) -> str:
    lines = [f"complete -c netphysics -n __fish_use_subcommand -f -a '{' '.join(COMMANDS)}'"]
    lines.append(f"complete -c netphysics -n '__fish_seen_subcommand_from help' -f -a '{' '.join(COMMANDS)}'")
    lines.append(f"complete -c netphysics -n '__fish_seen_subcommand_from run show' -f -a '{' '.join(flags)}'")
    for study, options in flags.items():
        for flag, listed in options.items():
            line = f"complete -c netphysics -n '__fish_seen_subcommand_from {study}' -l {flag[2:]}"
            lines.append(line + (f" -x -a '{' '.join(listed)}'" if listed else ""))
    return "\n".join(lines) + "\n"

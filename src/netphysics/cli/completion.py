"""`netphysics completion SHELL`: a completion script, made from the catalog."""

from __future__ import annotations

import dataclasses

from netphysics.cli import COMMANDS
from netphysics.lab import catalog

from .arguments import Parser
from .run import RunOptions

BASH = """_netphysics() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} words=
    case "$COMP_CWORD:${{COMP_WORDS[1]}}:${{COMP_WORDS[2]}}" in
        1:*) words="{commands}" ;;
        2:run:*|2:show:*) words="{studies}" ;;
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
    common = ["--" + field.name.replace("_", "-") for field in dataclasses.fields(RunOptions)]
    flags = {entry.name: [*common, *(option.name for option in entry.options)] for entry in entries}
    print(fish(flags) if options.shell == "fish" else shell(options.shell, flags), end="")
    return 0


def shell(name: str, flags: dict[str, list[str]]) -> str:
    cases = [f'        *:run:{study}) words="{" ".join(words)}" ;;' for study, words in flags.items()]
    template = BASH if name == "bash" else ZSH
    return template.format(commands=" ".join(COMMANDS), studies=" ".join(flags), options="\n".join(cases))


def fish(flags: dict[str, list[str]]) -> str:
    lines = [f"complete -c netphysics -n __fish_use_subcommand -f -a '{' '.join(COMMANDS)}'"]
    lines.append(f"complete -c netphysics -n '__fish_seen_subcommand_from run show' -f -a '{' '.join(flags)}'")
    for study, words in flags.items():
        for word in words:
            lines.append(f"complete -c netphysics -n '__fish_seen_subcommand_from {study}' -l {word[2:]}")
    return "\n".join(lines) + "\n"

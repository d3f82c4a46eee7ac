"""The command `netphysics`. This file only dispatches, so that `--help` answers at once."""

import importlib
import os
import sys

from .plain import write_plainly

COMMANDS = {
    "tour": "quick studies of every wing; ends with a gallery of their reports",
    "list": "the studies there are",
    "show": "one study: its question, equations, options and references",
    "discover": "SciNet on a table of your own: how many hidden numbers, and which",
    "anomaly": "events of a file that stand out, by several scores, and what each can see",
    "apply": "networks of a `discover` run on new rows: latents and answers",
    "run": "run a study; resume, extend or answer from disk",
    "diagnose": "will this network train? theory, a quick measurement, advice",
    "knot": "which knot is it? by name, braid word or code; drawing, invariants, unknot or not",
    "unknot": "untie a knot, or a file of them: moves that replay, or the invariant that forbids it",
    "shape": "the topology of a cloud of points, and the latent that an autoencoder of it needs",
    "words": "a set of random braid words, knots and unknots, with labels that can be relied on",
    "classifier": "train networks that tell knots from unknots, for `knot --classifier FILE`",
    "report": "write one gallery page from the given runs",
    "compare": "two runs side by side, claim by claim",
    "new-study": "a complete template for a study of your own",
    "check": "whether what lies in the folders of runs is what was computed; --repair computes it again",
    "cite": "BibTeX of what a run rests on",
    "serve": "show a folder of runs in the browser, on this machine only",
    "doctor": "versions, devices and a two-second self-check",
    "completion": "a completion script for bash, zsh or fish",
}

# Characters of a complaint.
LONGEST = 280


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {text}" for name, text in COMMANDS.items()]
    return (
        "usage: netphysics COMMAND [...]\n\n"
        "A laboratory for the physics of neural networks.\n\n"
        + "\n".join(lines)
        + "\n\n`netphysics help COMMAND` says more; every command that gives a result takes --json.\n"
        "A file that exists is replaced only with --force, and no folder is made for a file.\n"
        "Exit: 0 finished, 1 --strict and a theory claim disagrees or `check` finds damage, 2 bad input, "
        "130 interrupted.\n"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is returned, bad input is told in one sentence."""
    arguments = sys.argv[1:] if arguments is None else arguments
    write_plainly()
    command = arguments[0] if arguments else "--help"
    if command == "help" and len(arguments) > 1:
        command, arguments = arguments[1], [*arguments[1:], "--help"]
    if command in ("-h", "--help", "help"):
        print(usage(), end="")
        return 0
    if command in ("-V", "--version"):
        from netphysics import __version__

        print(__version__)
        return 0
    try:
        if command not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(command, COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else "`netphysics --help` lists them all"
            raise ValueError(f"there is no command {command!r}; {hint}")
        return importlib.import_module(f"netphysics.cli.{command.replace('-', '_')}").main(arguments[1:])
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; leave without a complaint at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not out_of_memory(error):
            raise
        if os.environ.get("NETPHYSICS_TRACEBACK"):
            raise
        print(f"netphysics: {sentence(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def out_of_memory(error: Exception) -> bool:
    """Whether an error says that there is not enough memory, in the words of Python or of a device."""
    return isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error)


def sentence(error: Exception) -> str:
    """What a person is told of an error: one line that is not too long, whatever was typed."""
    text = str(error)
    if out_of_memory(error):
        text = f"there is not enough memory for this; {text or 'it asks for more than any machine has'}"
    if isinstance(error, OSError) and error.strerror:
        text = f"{error.strerror[:1].lower()}{error.strerror[1:]}" + (f": {error.filename}" if error.filename else "")
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 3 :]}"


__all__ = []

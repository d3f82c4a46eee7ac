"""Provenance: what a number was made with."""

from __future__ import annotations

import functools
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any

import jax

PACKAGES = ("netphysics", "jax", "jaxlib", "numpy", "scipy")


@functools.cache
def provenance() -> dict[str, Any]:
    """Versions, devices and the state of the source: all that is needed to make a result again."""
    return {
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
        "devices": [f"{device.platform}: {device.device_kind}" for device in jax.devices()],
        "x64": bool(jax.config.read("jax_enable_x64")),
        "machine": f"{platform.system()} {platform.machine()}",
        "source": _git(Path(__file__).parent),
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _git(folder: Path) -> str | None:
    """Commit of the checkout the package runs from, marked when it has uncommitted changes."""

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True).stdout

    try:
        if not git("ls-files", "provenance.py"):
            return None  # the package lies in somebody else's repository, say in a virtual environment
        return git("rev-parse", "HEAD").strip() + (" with changes" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None

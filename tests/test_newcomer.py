"""The path of a newcomer: a clone, the installation, a study, its data, a picture, a study of one's own.

It clones this repository and installs it beside everything else, so it needs git, make and the package registry.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READ = """
import netphysics

run = netphysics.load({path!r})
print(run.dataset["gaussian-critical"]["norm"].sel(layer=3).item())
table = run.to_dataframe()
print(len(table), sorted(table.columns))
run.figures[0].plot.savefig("figure.pdf")
"""
# Seconds for the whole path on two cores, with packages from a cache.
MOST = 600


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="it begins with a clone by git")
def test_the_path_of_a_newcomer(tmp_path, capsys):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL"))}
    steps: dict[str, float] = {}

    def done(step: str, *command: str, where: Path = tmp_path) -> str:
        start = time.monotonic()
        found = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, check=False)
        steps[step] = time.monotonic() - start
        assert found.returncode == 0, f"{step}: {found.stderr[-2000:]}"
        return found.stdout

    done("clone", "git", "clone", "--quiet", str(ROOT), "netphysics")
    clone = tmp_path / "netphysics"
    done("install", "make", "setup", f"PYTHON={sys.executable}", where=clone)
    bin_ = clone / ".venv" / "bin"
    environment["PATH"] = f"{bin_}{os.pathsep}{environment['PATH']}"
    done("a study of the tour", "netphysics", "run", "knot-or-not", "--preset", "quick")
    told = done(
        *("a study with an option", "netphysics", "run", "signals-by-depth", "--preset", "quick"),
        *("--activation", "tanh", "--json"),
    )
    run = json.loads(told)
    assert all(claim["verdict"] != "disagrees" for claim in run["claims"] if claim["origin"] == "theory")
    assert Path(tmp_path, run["report"]).stat().st_size > 10_000
    read = done("its data and a plot", "python", "-c", READ.format(path=run["path"]))
    assert float(read.split()[0]) > 0 and (tmp_path / "figure.pdf").stat().st_size > 1000
    assert "@" in done("cite it", "netphysics", "cite", run["path"])
    assert "pip install --editable my-walk" in done("write a study", "netphysics", "new-study", "my-walk")
    done("install it", "pip", "install", "--quiet", "--editable", "my-walk")
    own = json.loads(done("run it", "netphysics", "run", "my-walk", "--preset", "quick", "--json"))
    assert {claim["verdict"] for claim in own["claims"]} == {"agrees"}
    with capsys.disabled():
        print("\n" + "\n".join(f"{seconds:6.1f} s  {step}" for step, seconds in steps.items()))
    assert sum(steps.values()) < MOST

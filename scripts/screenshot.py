"""The README's picture: a page as a reader sees it first.

python scripts/screenshot.py [STUDY [--OPTION ...]]

Runs the study (the quick preset of signals-by-depth unless another is named), opens its report in the system's Chromium
and photographs the first screen, 1280 by 900, into docs/images/report.png.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "report.png"
DEFAULT = ["signals-by-depth", "--preset", "quick"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def report_of(words: list[str], out: str) -> Path:
    """The report of a run that is made here."""
    command = [sys.executable, "-m", "netphysics", "run", *words, "--out", out, "--json"]
    return Path(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["report"])


def photograph(report: Path, picture: Path) -> None:
    """The first screen of a page, as a PNG."""
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, device_scale_factor=1.5)
        page.goto(report.resolve().as_uri())
        page.screenshot(path=picture)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        photograph(report_of(sys.argv[1:] or DEFAULT, folder), PICTURE)
    print(PICTURE)

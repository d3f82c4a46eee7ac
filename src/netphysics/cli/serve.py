"""`netphysics serve [DIR]`: the gallery of a folder of runs, on this machine only."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from netphysics.report import write_gallery

from .arguments import Parser


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics serve", description="Show a folder of runs in the browser.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("runs"), help="folder of runs")
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1; 0 takes a free one")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        raise ValueError(f"{options.folder} is not a folder; run a study first")
    write_gallery(options.folder)
    with server(options.folder, options.port) as running:
        print(f"http://127.0.0.1:{running.server_port}/  (Ctrl-C stops)", flush=True)
        running.serve_forever()
    return 0


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A file server of `folder` that is bound to the loopback address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        raise ValueError(f"--port is {port}; it cannot be used on 127.0.0.1 ({error})") from None

"""`netphysics serve [DIR]`: the gallery of a folder of runs, on this machine only.

What is served is the gallery, made in memory, and the reports that it lists: nothing else of the folder, and nothing
that the manifest of its run does not vouch for. Pages of other origins cannot read it, by whatever name they call
this machine.
"""

from __future__ import annotations

import contextlib
import functools
import socket
import threading
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from netphysics.lab.store import REPORT, Store
from netphysics.report.gallery import gallery, shown_runs

from .arguments import Number, Parser

LOOPBACK = "127.0.0.1"
# A page is a megabyte at most, and comes from this machine.
MOST_SECONDS = 20.0
MOST_CONNECTIONS = 600
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
    # Pages have their style, script, pictures and fonts in themselves.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics serve", description="Show a folder of runs in the browser.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("runs"), help="folder of runs")
    parser.add_argument(
        "--port", type=Number(int, between=(0, 65535)), default=8000, help=f"port on {LOOPBACK}; 0 takes a free one"
    )
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        raise ValueError(f"{options.folder} is not a folder; run a study first")
    with server(options.folder, options.port) as running:
        print(f"http://{LOOPBACK}:{running.server_port}/  (Ctrl-C stops)", flush=True)
        running.serve_forever()
    return 0


def server(folder: Path, port: int) -> Server:
    """A server of the gallery of `folder` that is bound to the loopback address.

    Raises:
        ValueError: for a port that cannot be used.
    """
    handler = functools.partial(Handler, listed(folder.resolve()))
    try:
        return Server((LOOPBACK, port), handler)
    except (OSError, OverflowError) as error:
        raise ValueError(f"--port is {port}; it cannot be used on {LOOPBACK} ({error})") from None


def listed(root: Path) -> dict[str, bytes | Path]:
    """What there is to see: the gallery as it is now, and the folder of each run in it, by the path of its page."""
    runs = [folder for folder in shown_runs(root) if folder.resolve().is_relative_to(root)]
    return {"/": gallery(runs, root).encode()} | {f"/{run.relative_to(root).as_posix()}/{REPORT}": run for run in runs}


class Handler(BaseHTTPRequestHandler):
    """Answers one request: a page that is listed, or a refusal."""

    timeout = MOST_SECONDS
    server_version, sys_version = "netphysics", ""

    def __init__(self, pages: Mapping[str, bytes | Path], *rest: Any) -> None:
        self.pages = pages
        super().__init__(*rest)

    def do_GET(self) -> None:
        status, content = self.answer()
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"text/{'html' if status == HTTPStatus.OK else 'plain'}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET

    def answer(self) -> tuple[HTTPStatus, bytes]:
        """Status and content."""
        assert isinstance(self.server, Server)
        hosts = {f"{name}:{self.server.server_port}" for name in (LOOPBACK, "localhost")}
        asked, origins = (self.headers.get_all(name, []) for name in ("Host", "Origin"))
        if len(asked) != 1 or not hosts.issuperset([*asked, *(each.removeprefix("http://") for each in origins)]):
            return HTTPStatus.FORBIDDEN, b"only for pages of this machine\n"
        page = self.pages.get(self.path.partition("?")[0])
        if page is None:
            return HTTPStatus.NOT_FOUND, b"there is no such page\n"
        if isinstance(page, bytes):
            return HTTPStatus.OK, page
        try:
            contents = Store(page).read([REPORT])
        except ValueError as damage:
            return HTTPStatus.CONFLICT, f"{damage}\n".encode()
        if contents is None:
            return HTTPStatus.NOT_FOUND, b"the run is being computed again\n"
        return HTTPStatus.OK, contents[REPORT]

    def log_message(self, *words: object) -> None:
        """Nothing: who asks sees the answer."""


class Server(ThreadingHTTPServer):
    """A thread for each connection, with a limit to their number and to their time."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, *words: Any) -> None:
        self.began: dict[socket.socket, float] = {}
        self.lock = threading.Lock()
        super().__init__(*words)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        with self.lock:
            self.began[request] = time.monotonic()
            return len(self.began) <= MOST_CONNECTIONS

    def service_actions(self) -> None:
        """Hang up on connections that have had their time, however busily they trickle."""
        late = time.monotonic() - MOST_SECONDS
        with self.lock:
            for request in [request for request, began in self.began.items() if began < late]:
                del self.began[request]
                with contextlib.suppress(OSError):  # it has gone by itself
                    request.shutdown(socket.SHUT_RDWR)

    def shutdown_request(self, request: Any) -> None:
        with self.lock:
            self.began.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients may hang up whenever they like."""

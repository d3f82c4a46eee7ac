"""The server: slow clients, many at once, and everything that an attacker asks; in a process of its own."""

import contextlib
import http.client
import os
import re
import selectors
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import tiny

from netphysics.api import run_and_report
from netphysics.blocks import Threads


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two runs, and around them everything that nobody is to see."""
    root = tmp_path_factory.mktemp("outside") / "runs"
    runs = [run_and_report(tiny.study, tiny.Config(seed=seed), root, Threads(1)) for seed in (0, 1)]
    (root.parent / "secret.html").write_text("secret")
    (root / "secret.html").write_text("secret")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("secret")
    os.symlink(root.parent, root / "tiny" / "link")
    os.symlink("/", root / "all")
    (runs[1].report).unlink()
    os.symlink(root.parent / "secret.html", runs[1].report)
    return root, runs


@pytest.fixture(scope="module")
def server(root):
    """Its port, and its process."""
    command = [sys.executable, "-m", "netphysics", "serve", root[0], "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as process:
        yield int(re.search(r":(\d+)/", process.stdout.readline())[1]), process
        process.terminate()
        assert process.communicate()[1] == ""


def memory(process):
    """Resident memory in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024


def ask(port, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def trickle(port, count, stop, hung_up):
    """Clients that send a byte a second, or nothing at all, and come again when they are hung up on."""
    request = b"GET / HTTP/1.1\r\nX-Slow: " + b"a" * 10_000
    chosen = selectors.DefaultSelector()
    sent = {}

    def come(number):
        client = socket.create_connection(("127.0.0.1", port))
        chosen.register(client, selectors.EVENT_READ, number)
        sent[client] = 0

    for number in range(count):
        come(number)
    while not stop.is_set():
        for key, _ in chosen.select(timeout=1.0):
            with contextlib.suppress(OSError):
                key.fileobj.recv(4096)
            chosen.unregister(key.fileobj)
            key.fileobj.close()
            del sent[key.fileobj]
            hung_up.append(key.data)
            come(key.data)
        for client, key in [(key.fileobj, key) for key in chosen.get_map().values()]:
            if key.data % 3:
                with contextlib.suppress(OSError):
                    client.send(request[sent[client] : sent[client] + 1])
                    sent[client] += 1
    for client in sent:
        client.close()


def test_slow_clients_hinder_nobody(server, root, often, tell):
    port, process = server
    runs = root[1]
    pages = {"/": ask(port)[1], f"/tiny/{runs[0].path.name}/report.html": runs[0].report.read_bytes()}
    for path in pages:
        ask(port, path)
    slow, quick, seconds = often(40, 300), often(20, 200), often(1.0, 10.0)
    before, stop, hung_up = memory(process), threading.Event(), []
    trickling = threading.Thread(target=trickle, args=(port, slow, stop, hung_up))
    trickling.start()
    answers, wrong = [0] * quick, []

    def hurry(number):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for path, content in pages.items():
                try:
                    status, found = ask(port, path)
                    assert status == 200 and found == content
                    answers[number] += 1
                except (OSError, http.client.HTTPException, AssertionError) as problem:
                    wrong.append(repr(problem))

    asking = [threading.Thread(target=hurry, args=(number,)) for number in range(quick)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    during = memory(process)
    assert not wrong and min(answers) > 0
    # Whoever is slow is hung up on in the end.
    time.sleep(often(0.0, 15.0))
    stop.set()
    trickling.join()
    assert ask(port)[0] == 200
    after = memory(process)
    assert after < before + 60
    if slow == 300:
        assert len(hung_up) >= slow
    tell(
        f"server: {slow} slow clients (hung up on {len(hung_up)} times) beside {quick} that ask: {sum(answers)} "
        f"answers in {seconds:.0f} s, none dropped; memory in MB {before:.0f}, then {during:.0f}, then {after:.0f}"
    )


PATHS = [
    "/.git/config",
    "/secret.html",
    "/../secret.html",
    "/%2e%2e/secret.html",
    "/..%2fsecret.html",
    "/..\\secret.html",
    "//secret.html",
    "/./secret.html",
    "/tiny/link/secret.html",
    "/tiny/link/",
    "/all/etc/passwd",
    "/%00",
    "/%2500",
    "/tiny",
    "/tiny/",
    "/index.html",
    "file:///etc/passwd",
    "http://evil.example/",
    "*",
    "/" + "a" * 5000,
    "/\u00e9",
]
METHODS = ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "HEADER", "get"]
HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1",
    "localhost.evil:{port}",
    "127.0.0.1:{port}.evil",
    "",
    "[::1]:{port}",
]
ORIGINS = ["http://evil.example", "http://localhost.evil:{port}", "https://localhost:{port}", "null", "file://"]


def raw(port, content):
    """The status line that some bytes are answered with, and the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(content)
        # It may have answered and hung up before it has read all.
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_WR)
        found = b""
        while part := client.recv(65536):
            found += part
    return found


def request(port, path="/", method="GET", host="127.0.0.1:{port}", more="", version="HTTP/1.1"):
    lines = f"{method} {path} {version}\r\nHost: {host.format(port=port)}\r\n{more.format(port=port)}\r\n"
    return raw(port, lines.encode())


def test_every_attack_is_refused(server, root, tell):
    port, process = server
    runs = root[1]
    before = memory(process)
    answers = [request(port, path) for path in PATHS]
    answers += [request(port, method=method) for method in METHODS]
    answers += [request(port, host=host) for host in HOSTS]
    answers += [request(port, more=f"Origin: {origin}\r\n") for origin in ORIGINS]
    answers += [
        request(port, more="Host: evil.example\r\n"),
        request(port, host="evil.example", more="Host: 127.0.0.1:{port}\r\n"),
        request(port, f"/tiny/{runs[1].path.name}/report.html"),
        request(port, version="HTTP/9.9"),
        request(port, more="X: y\r\n" * 1000),
        request(port, more="X: " + "y" * 100_000 + "\r\n"),
        raw(port, b"GET /\r\n\r\n"),
        raw(port, b"\0\xff\r\n\r\n"),
        raw(port, b"GET / HTTP/1.1\r\n\r\n"),
        raw(port, b"\r\n"),
        raw(port, b""),
    ]
    for answer in answers:
        assert b"200" not in answer[:15] and b"secret" not in answer and b"root:" not in answer, answer[:200]
    assert ask(port)[0] == 200
    assert request(port, "/?x=1", more="Origin: http://localhost:{port}\r\n").startswith(b"HTTP/1.0 200")
    assert memory(process) < before + 30
    tell(f"server: {len(answers)} attacks refused")

"""The server: what a gallery lists, to this machine, and nothing else."""

import http.client
import os
import socket
import threading

import pytest
import random_walk
from random_walk import Config

from netphysics.cli import serve
from netphysics.lab import run_study
from netphysics.report import write_report


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("outside") / "runs"
    run = run_study(random_walk.study, Config(draws=512, block_size=128, steps=(4,)), root)
    write_report(run)
    (root.parent / "secret.html").write_text("secret")
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text("secret")
    (root / "index.html").write_text("somebody's own")
    os.symlink(root.parent, root / "random-walk" / "link")
    return root, run


@pytest.fixture
def running(runs):
    with serve.server(runs[0], 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server, path="/", method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    for name, value in ({"Host": f"127.0.0.1:{server.server_port}"} | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.headers
    connection.close()
    return found


def test_it_serves_the_gallery_and_its_reports(running, runs):
    root, run = runs
    status, content, headers = ask(running)
    assert status == 200 and b'class="card"' in content
    assert headers["X-Content-Type-Options"] == "nosniff" and "default-src 'none'" in headers["Content-Security-Policy"]
    link = f"/{run.report.relative_to(root).as_posix()}"
    assert link[1:].encode() in content
    assert ask(running, link)[:2] == (200, run.report.read_bytes())
    assert ask(running, link, "HEAD")[:2] == (200, b"")
    assert (root / "index.html").read_text() == "somebody's own"


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/../secret.html", "/%2e%2e/secret.html", "/random-walk/link/secret.html", "/%00", "/index.html"],
)
def test_nothing_else_is_served(running, runs, path, capfd):
    assert ask(running, path)[0] == 404
    assert capfd.readouterr().err == ""


def test_other_hosts_origins_and_methods_are_refused(running):
    port = running.server_port
    assert ask(running, Host="evil.example")[0] == 403
    assert ask(running, Host=f"evil.example:{port}")[0] == 403
    assert ask(running, Host=f"localhost:{port}")[0] == 200
    assert ask(running, Origin="http://evil.example")[0] == 403
    assert ask(running, Origin=f"http://localhost:{port}")[0] == 200
    assert ask(running, method="POST")[0] == 501
    assert ask(running, method="DELETE")[0] == 501


def test_a_damaged_report_is_named_not_shown(running, runs):
    root, run = runs
    content = run.report.read_bytes()
    run.report.write_bytes(content.replace(b"agrees", b"hugely", 1))
    status, text, _ = ask(running, f"/{run.report.relative_to(root).as_posix()}")
    assert status == 409 and b"report.html is not what was written" in text
    run.report.write_bytes(content)


def test_slow_clients_are_hung_up_on_and_hinder_nobody(running, monkeypatch, capfd):
    monkeypatch.setattr(serve, "MOST_SECONDS", 1.0)
    slow = [socket.create_connection(("127.0.0.1", running.server_port)) for _ in range(60)]
    for connection in slow:
        connection.sendall(b"GET / HT")
    answers = []
    asking = [threading.Thread(target=lambda: answers.append(ask(running)[0])) for _ in range(40)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert answers == [200] * 40
    for connection in slow:
        connection.settimeout(10)
        assert connection.recv(1000) == b""
        connection.close()
    assert capfd.readouterr().err == ""

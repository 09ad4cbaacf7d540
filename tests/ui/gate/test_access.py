"""Passwords, their file, and the gate where nobody has to log in."""

from __future__ import annotations

import base64
import io
import json
import stat

import pytest
from gate_helpers import ADA, BO, ask_gate, behind

from rag.errors import UsageError
from ui.gate.access import (
    hash_password,
    is_loopback,
    matches,
    read_users,
    require_safe_host,
    run,
    write_users,
)
from ui.gate.gate import BROWSER_COOKIE, Gate
from ui.talk.site import OWNER_HEADER


@pytest.fixture(scope="module")
def auth_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("auth") / "auth.json"
    write_users(path, {"ada": hash_password(ADA), "bo": hash_password(BO)})
    return path


def test_a_password_is_not_in_the_file(auth_file):
    words = auth_file.read_text()
    assert ADA not in words
    assert base64.b64encode(ADA.encode()).decode() not in words
    assert stat.S_IMODE(auth_file.stat().st_mode) == 0o600


def test_the_same_password_is_stored_differently():
    first, second = hash_password(ADA), hash_password(ADA)
    assert first != second
    assert matches(ADA, first)
    assert matches(ADA, second)
    assert not matches(BO, first)


def test_a_damaged_entry_is_an_error():
    with pytest.raises(UsageError, match="damaged"):
        matches(ADA, "plain")


@pytest.mark.parametrize("content", ["", "[]", '{"users": {"a": 1}}', '{"users": []}'])
def test_what_is_no_auth_file(tmp_path, content):
    path = tmp_path / "auth.json"
    path.write_text(content)
    with pytest.raises(UsageError, match="auth file"):
        read_users(path)


def test_a_missing_auth_file_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="quoth auth add"):
        read_users(tmp_path / "none.json")


def test_add_list_remove(tmp_path, monkeypatch, capsys):
    path = tmp_path / "deep" / "auth.json"
    monkeypatch.setattr("sys.stdin", io.StringIO(ADA + "\n"))
    assert run("add", "ada", path=path) == 0
    assert matches(ADA, read_users(path)["ada"])
    assert run("list", None, path=path) == 0
    assert capsys.readouterr().out == "ada\n"
    assert run("remove", "ada", path=path) == 0
    assert read_users(path) == {}
    with pytest.raises(UsageError, match="does not name"):
        run("remove", "ada", path=path)


@pytest.mark.parametrize("name", [None, "", "a b", "a\n", "ä", ":x", "x" * 65])
def test_names_that_cannot_be(tmp_path, name):
    with pytest.raises(UsageError, match="NAME"):
        run("add", name, path=tmp_path / "auth.json")


def test_a_short_password_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(UsageError, match="at least 8"):
        run("add", "ada", path=tmp_path / "auth.json")
    assert not (tmp_path / "auth.json").exists()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("localhost.evil.org", False),
        ("", False),
    ],
)
def test_loopback(host, local):
    assert is_loopback(host) is local


def test_other_machines_need_passwords(tmp_path, auth_file):
    require_safe_host("127.0.0.1", auth=None)
    require_safe_host("0.0.0.0", auth=auth_file)
    with pytest.raises(UsageError, match=r"--host 0\.0\.0\.0 would let everybody"):
        require_safe_host("0.0.0.0", auth=None)
    require_safe_host("127.0.0.1", auth=auth_file, public_name="papers.example.org")
    with pytest.raises(
        UsageError, match=r"--public-url with papers\.example\.org would let everybody"
    ):
        require_safe_host("127.0.0.1", auth=None, public_name="papers.example.org")
    empty = tmp_path / "auth.json"
    write_users(empty, {})
    with pytest.raises(UsageError, match="names nobody"):
        require_safe_host("0.0.0.0", auth=empty)


def test_each_browser_is_somebody_and_stays_so():
    gate = Gate(behind, host="127.0.0.1")
    first = ask_gate(gate, headers={"accept": "text/html"})
    cookie = first.cookies[BROWSER_COOKIE]
    assert first.text == f"browser:{cookie}"
    again = ask_gate(gate, cookies={BROWSER_COOKIE: cookie})
    assert again.text == first.text
    assert "set-cookie" not in again.headers
    other = ask_gate(gate, headers={"accept": "text/html"})
    assert other.text != first.text
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=Lax" in first.headers["set-cookie"]


def test_who_sends_no_cookie_shares_nothing():
    gate = Gate(behind, host="127.0.0.1")
    assert ask_gate(gate).text != ask_gate(gate).text
    assert len(ask_gate(gate, cookies={BROWSER_COOKIE: "short"}).text) > 30


def test_nobody_names_the_owner_but_the_gate():
    gate = Gate(behind, host="127.0.0.1")
    reply = ask_gate(gate, headers={OWNER_HEADER: "user:ada"})
    assert "ada" not in reply.text
    assert "," not in reply.text


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.4:7860", "localhost.evil.org"])
def test_a_local_page_is_not_reached_by_other_names(host):
    reply = ask_gate(Gate(behind, host="127.0.0.1"), host=host)
    assert reply.status_code == 403
    assert "127.0.0.1" in reply.text


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_a_local_page_is_reached_by_its_own(host):
    assert ask_gate(Gate(behind, host="127.0.0.1"), host=host).status_code == 200


def test_other_sites_may_not_post():
    gate = Gate(behind, host="127.0.0.1")
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999"):
        assert ask_gate(gate, "POST", headers={"origin": origin}).status_code == 403
    own = {"origin": "http://127.0.0.1:7860"}
    assert ask_gate(gate, "POST", headers=own).status_code == 200


def test_every_reply_forbids_loading_from_elsewhere():
    policy = ask_gate(Gate(behind, host="127.0.0.1")).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_the_auth_file_is_plain_json(auth_file):
    assert set(json.loads(auth_file.read_text())["users"]) == {"ada", "bo"}

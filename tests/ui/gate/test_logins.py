"""Logging in and out: sessions are kept on the server, and end."""

from __future__ import annotations

import base64
import stat

import pytest
from gate_helpers import ADA, BO, ask_gate, behind, locked_gate, log_in, who

from ui.gate import sessions as sessions_module
from ui.gate.access import hash_password, write_users
from ui.gate.gate import LOGIN_COOKIE, Gate
from ui.gate.logins import Logins
from ui.gate.sessions import Sessions

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture(scope="module")
def stored(cheap_hashes):
    return {"ada": hash_password(ADA), "bo": hash_password(BO)}


@pytest.fixture
def gate(tmp_path, stored):
    return locked_gate(tmp_path, users=stored)


def test_a_browser_is_sent_to_log_in_and_a_program_told(gate):
    page = ask_gate(gate, headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    for path in ("/gradio_api/mcp/", "/config", "/v1/models", "/assets/index.js"):
        reply = ask_gate(gate, path=path)
        assert reply.status_code == 401
        assert "NAME:PASSWORD" in reply.text


def test_a_form_gives_a_cookie_that_is_the_user(gate):
    reply = log_in(gate, "ada", ADA, accept="text/html")
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert who(gate, reply.cookies[LOGIN_COOKIE]).text == "user:ada"
    assert "Secure" not in reply.headers["set-cookie"]


def test_gradio_client_gets_its_cookie_with_a_200(gate):
    reply = log_in(gate, "bo", BO)
    assert reply.status_code == 200
    assert LOGIN_COOKIE in reply.cookies


@pytest.mark.parametrize(
    ("name", "password"), [("ada", BO), ("nobody", ADA), ("", ""), ("x" * 900, "y")]
)
def test_what_does_not_go_together(gate, name, password):
    reply = log_in(gate, name, password)
    assert reply.status_code == 401
    assert LOGIN_COOKIE not in reply.cookies


def test_a_header_will_do(gate):
    bearer = {"authorization": f"Bearer ada:{ADA}"}
    assert ask_gate(gate, path="/v1/models", headers=bearer).text == "user:ada"
    coded = base64.b64encode(f"bo:{BO}".encode()).decode()
    assert ask_gate(gate, headers={"authorization": f"Basic {coded}"}).text == "user:bo"
    for wrong in (f"Bearer ada:{BO}", "Bearer ada", "Basic %%%", "Digest x", f"Bearer {ADA}"):
        assert ask_gate(gate, headers={"authorization": wrong}).status_code == 401


def test_a_password_beyond_ascii_will_do_in_a_header(tmp_path):
    gate = locked_gate(tmp_path, users={"ada": hash_password("schöne Grüße")})
    header = {"authorization": "Bearer ada:schöne Grüße".encode()}
    assert ask_gate(gate, headers=header).text == "user:ada"


# Sessions are kept on the server, and end.


def test_logging_out_ends_the_session_on_the_server(gate):
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    other = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    reply = ask_gate(gate, path="/logout", cookies={LOGIN_COOKIE: cookie})
    assert reply.headers["location"] == "/login"
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert who(gate, cookie).status_code == 401, "whoever kept the cookie is out too"
    assert who(gate, other).text == "user:ada", "another browser stays"


def test_another_site_logs_nobody_out(gate):
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    crossing = {"sec-fetch-site": "cross-site"}
    reply = ask_gate(gate, path="/logout", cookies={LOGIN_COOKIE: cookie}, headers=crossing)
    assert reply.status_code == 403
    assert who(gate, cookie).text == "user:ada"


def test_a_session_outlives_a_restart(tmp_path, stored):
    cookie = log_in(locked_gate(tmp_path, users=stored), "ada", ADA).cookies[LOGIN_COOKIE]
    assert who(locked_gate(tmp_path, users=stored), cookie).text == "user:ada"


def test_a_session_ends_by_itself(gate, monkeypatch):
    monkeypatch.setattr(sessions_module, "SESSION_SECONDS", -1)
    assert who(gate, log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]).status_code == 401


def test_a_new_password_ends_the_old_sessions(tmp_path, stored):
    gate = locked_gate(tmp_path, users=stored)
    header = {"authorization": f"Bearer ada:{ADA}"}
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    assert who(gate, cookie).text == ask_gate(gate, headers=header).text == "user:ada"
    changed = {"ada": stored["bo"], "padding": stored["bo"]}
    write_users(tmp_path / "auth.json", changed)
    assert who(gate, cookie).status_code == 401
    assert ask_gate(gate, headers=header).status_code == 401


def test_who_is_taken_out_of_the_file_is_out(tmp_path, stored):
    gate = locked_gate(tmp_path, users=stored)
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    write_users(tmp_path / "auth.json", {"bo": stored["bo"]})
    assert who(gate, cookie).status_code == 401


def test_logging_in_again_ends_the_session_before(gate):
    first = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    second = log_in(gate, "bo", BO, cookies={LOGIN_COOKIE: first}).cookies[LOGIN_COOKIE]
    assert who(gate, first).status_code == 401
    assert who(gate, second).text == "user:bo"


def test_the_file_of_sessions_lets_nobody_in(tmp_path, stored):
    gate = locked_gate(tmp_path, users=stored)
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    files = list(tmp_path.glob("sessions.sqlite*"))
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert all(cookie.encode() not in path.read_bytes() for path in files)


def test_programs_that_always_log_in_fill_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions_module, "MOST_SESSIONS", 5)
    sessions = Sessions(tmp_path / "sessions.sqlite")
    tokens = [sessions.start("ada", password="stored") for _ in range(12)]
    tokens.append(sessions.start("bo", password="stored"))
    assert [sessions.of(token) is not None for token in tokens] == [False] * 7 + [True] * 6


# A cookie is data: whatever is in it, nobody comes in and nothing breaks.


@pytest.mark.parametrize(
    "cookie",
    [
        b"\xff" * 43,
        b"YWRh.9999999999.\xe9",
        b'"YWRh.9999999999.\\351"',  # how a cookie writes a byte above 127
        b"YWRh.9999999999." + b"0" * 64,
        b"x" * 43,
        b"..",
        b"",
        b'"\\377"',
        b"a" * 5000,
    ],
)
def test_a_made_up_cookie_is_nobody(gate, cookie):
    for more in (b"", b"; other=1", b"; =;;"):
        header = {"cookie": LOGIN_COOKIE.encode() + b"=" + cookie + more}
        assert ask_gate(gate, headers=header).status_code == 401


def test_cookies_of_others_on_the_same_host_are_not_in_the_way(gate):
    cookie = log_in(gate, "ada", ADA).cookies[LOGIN_COOKIE]
    for other in (b"a[b]=\xff", b"bad name=1", b'x="', b"@"):
        header = {"cookie": other + f"; {LOGIN_COOKIE}={cookie}".encode()}
        assert ask_gate(gate, headers=header).text == "user:ada"


# What is wrong on the server is said, and is no 500.


def test_an_auth_file_that_is_gone_is_said(tmp_path, stored):
    gate = locked_gate(tmp_path, users=stored)
    (tmp_path / "auth.json").unlink()
    for path in ("/", "/v1/models"):
        reply = ask_gate(gate, path=path, headers={"authorization": "Bearer ada:x"})
        assert reply.status_code == 503
        assert "log" in reply.text
        assert str(tmp_path) not in reply.text


def test_a_damaged_password_is_said(tmp_path):
    gate = locked_gate(tmp_path, users={"ada": "scrypt$x", "bo": hash_password(BO)})
    assert log_in(gate, "ada", ADA).status_code == 503
    assert log_in(gate, "bo", BO).status_code == 200


def test_sessions_that_cannot_be_kept_are_said(tmp_path, stored):
    path = tmp_path / "sessions.sqlite"
    gate = locked_gate(tmp_path, users=stored)
    path.write_bytes(b"no database at all, and long enough to be looked at" * 50)
    assert log_in(gate, "ada", ADA).status_code == 503


def test_logins_of_one_file_with_many_threads(tmp_path, stored):
    """Two servers over one folder know of each other's sessions."""
    first = locked_gate(tmp_path, users=stored)
    second = Gate(
        behind,
        host="0.0.0.0",
        logins=Logins(tmp_path / "auth.json", sessions=Sessions(tmp_path / "sessions.sqlite")),
    )
    cookie = log_in(first, "ada", ADA).cookies[LOGIN_COOKIE]
    assert who(second, cookie).text == "user:ada"
    ask_gate(second, path="/logout", cookies={LOGIN_COOKIE: cookie})
    assert who(first, cookie).status_code == 401

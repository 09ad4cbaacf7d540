"""By which names, from which sites and through which proxies the page is reached."""

from __future__ import annotations

import asyncio

import pytest
from gate_helpers import ask_gate, behind, locked_gate, log_in, mirror

from rag.errors import UsageError
from ui.cli import main
from ui.gate.access import hash_password
from ui.gate.front import LOOPBACK, caller, host_name, read_front
from ui.gate.gate import Gate

PUBLIC = "https://papers.example.org/quoth"
NAME = "papers.example.org"

pytestmark = pytest.mark.usefixtures("cheap_hashes")


@pytest.fixture(scope="module")
def users(cheap_hashes):
    return {"ada": hash_password("correct horse battery")}


@pytest.fixture
def gate():
    """As below a path of papers.example.org."""
    return Gate(mirror, host="127.0.0.1", front=read_front(PUBLIC))


# What may be written as --public-url and --trusted-proxy.


@pytest.mark.parametrize(
    ("written", "origin", "path"),
    [
        (PUBLIC, f"https://{NAME}", "/quoth"),
        (f"https://{NAME}", f"https://{NAME}", ""),
        (f"https://{NAME}/", f"https://{NAME}", ""),
        ("HTTPS://Papers.Example.ORG:443/a/b/", f"https://{NAME}", "/a/b"),
        ("http://127.0.0.1:8080/quoth", "http://127.0.0.1:8080", "/quoth"),
        ("http://[::1]:80/", "http://[::1]", ""),
        ("https://schöne-papiere.example/x", "https://xn--schne-papiere-kmb.example", "/x"),
    ],
)
def test_a_public_url_is_read_as_browsers_write_it(written, origin, path):
    front = read_front(written)
    assert (front.origin, front.path, front.proxies) == (origin, path, LOOPBACK)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "papers.example.org/quoth",
        "ftp://papers.example.org",
        "https://",
        "https://[",
        "https://a b/",
        "https://x:99999/",
        "https://ada:word@papers.example.org/",
        "https://papers.example.org/?a=1",
        "https://papers.example.org/#a",
        "https://papers.example.org/a//b",
        "https://papers.example.org/../b",
        "https://papers.example.org/a;b",
        f"https://{'x' * 70}.org/",
        "https://papers.example.org/v1",
        "https://papers.example.org/saved/here",
    ],
)
def test_what_is_no_public_url(written):
    with pytest.raises(UsageError, match="--public-url"):
        read_front(written)


def test_proxies_are_named_by_address():
    front = read_front(PUBLIC, proxies=["10.0.0.2", "192.168.0.0/16"])
    assert [str(network) for network in front.proxies] == ["10.0.0.2/32", "192.168.0.0/16"]
    with pytest.raises(UsageError, match="--trusted-proxy"):
        read_front(PUBLIC, proxies=["proxy.example.org"])
    with pytest.raises(UsageError, match="goes with --public-url"):
        read_front(None, proxies=["10.0.0.2"])


def test_a_public_page_without_passwords_is_refused(tmp_path, capsys):
    index = tmp_path / "index"
    assert main(["chat", "--public-url", PUBLIC, "--index", str(index)]) == 2
    assert "--auth FILE" in capsys.readouterr().err
    assert not index.exists(), "it is refused before anything is done"


# Host names: only the one that is served, on every address.


@pytest.mark.parametrize(
    ("host", "named", "status"),
    [
        ("127.0.0.1", "localhost:7860", 200),
        ("127.0.0.1", "[::1]:7860", 200),
        ("127.0.0.1", "evil.example", 403),
        ("127.0.0.1", "192.168.1.4", 403),
        ("0.0.0.0", "192.168.1.4:7860", 200),
        ("0.0.0.0", "[fd00::4]:7860", 200),
        ("0.0.0.0", "localhost:7860", 200),
        ("0.0.0.0", "evil.example", 403),
        ("0.0.0.0", "192.168.1.4.evil.example", 403),
        ("::", "evil.example:7860", 403),
        ("192.168.1.4", "192.168.1.4:7860", 200),
        ("192.168.1.4", "192.168.1.5:7860", 403),
        ("192.168.1.4", "evil.example", 403),
        ("server.local", "server.local:7860", 200),
        ("server.local", "evil.example", 403),
    ],
)
def test_only_the_host_that_is_served_is_answered(host, named, status):
    reply = ask_gate(Gate(behind, host=host), host=named)
    assert reply.status_code == status
    if status == 403:
        assert "--public-url" in reply.text
        assert named.partition(":")[0] in reply.text


@pytest.mark.parametrize("named", [NAME, f"{NAME}:443", f"{NAME}:8443", "Papers.Example.Org"])
def test_the_public_name_is_answered(gate, named):
    assert ask_gate(gate, host=named).status_code == 200


@pytest.mark.parametrize(
    "named", ["127.0.0.1:7860", "localhost", "evil.example", f"{NAME}.evil.example", f"x{NAME}"]
)
def test_with_a_public_url_no_other_name_is(gate, named):
    reply = ask_gate(gate, host=named)
    assert reply.status_code == 403
    assert PUBLIC in reply.text
    assert "proxy_set_header Host" in reply.text


@pytest.mark.parametrize(
    "named",
    [
        "[",
        "]",
        "[::1",
        "[::1]x",
        "a@b",
        "a b",
        "a/b",
        "a?b",
        "x:y",
        ":80",
        "",
        "\xff",
        "[v1.x]:1",
        "a, b",
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "public"])
def test_what_is_no_host_name_is_refused_and_raises_nothing(gate, named, host):
    asked = gate if host == "public" else Gate(behind, host=host)
    reply = ask_gate(asked, headers={"host": named.encode("latin-1")})
    assert reply.status_code == 403
    assert host_name(named) == ""


def test_two_host_headers_are_none(gate):
    reply = ask_gate(gate, headers=(("host", NAME), ("host", "evil.example")))
    assert reply.status_code == 403


def test_bytes_in_a_query_raise_nothing():
    scope_query = b"a=\xff"
    seen = []

    async def call():
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": scope_query,
            "headers": [(b"host", b"127.0.0.1")],
        }

        async def send(message):
            seen.append(message)

        await Gate(behind, host="127.0.0.1")(scope, None, send)

    asyncio.run(call())
    assert seen[0]["status"] == 403


# Other sites may neither ask nor read.

FOREIGN = [
    "http://evil.example",
    "null",
    "http://127.0.0.1:9999",
    "file://",
    "[",
    "https://[",
    "\xff",
]


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "public"])
def test_a_request_from_another_site_is_refused_by_any_method(gate, method, origin, host):
    asked = gate if host == "public" else Gate(behind, host=host)
    named = f"{NAME}" if host == "public" else "127.0.0.1:7860"
    headers = {"origin": origin.encode("latin-1"), "access-control-request-method": "POST"}
    reply = ask_gate(asked, method, host=named, headers=headers)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_the_page_itself_may_ask(gate):
    own = {"origin": "http://192.168.1.4:7860"}
    reply = ask_gate(Gate(behind, host="0.0.0.0"), "POST", host="192.168.1.4:7860", headers=own)
    assert reply.status_code == 200
    public = {"origin": f"https://{NAME}"}
    assert ask_gate(gate, "POST", host=NAME, headers=public).status_code == 200
    plain = {"origin": f"http://{NAME}"}
    assert ask_gate(gate, "POST", host=NAME, headers=plain).status_code == 403


# Below a path.


@pytest.mark.parametrize("path", ["/config", "/quoth/config"])
def test_behind_the_gate_a_request_is_as_people_sent_it(gate, path):
    """A proxy may cut the public path off, or leave it on."""
    forged = {
        "x-forwarded-host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "x-forwarded-prefix": "/evil",
        "forwarded": "host=evil.example",
        "x-gradio-server": "http://evil.example/",
        "x-real-ip": "10.9.9.9",
    }
    seen = ask_gate(gate, path=path, host=f"{NAME}:8443", headers=forged).json()
    assert (seen["scheme"], seen["path"], seen["root_path"]) == ("https", "/quoth/config", "/quoth")
    assert seen["headers"]["host"] == NAME
    assert "evil" not in str(seen)
    assert not set(map(str.lower, forged)) & set(seen["headers"])


def test_without_a_front_nothing_forwarded_goes_on_either():
    gate = Gate(mirror, host="127.0.0.1")
    headers = {"x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
    assert "evil" not in ask_gate(gate, headers=headers).text


def test_the_bare_path_leads_to_the_page(gate):
    reply = ask_gate(gate, path="/quoth", host=NAME)
    assert (reply.status_code, reply.headers["location"]) == (308, "/quoth/")


@pytest.mark.parametrize("prefix", ["", "/quoth"])
def test_logging_in_below_a_path(tmp_path, users, prefix):
    gate = locked_gate(tmp_path, users=users, front=read_front(PUBLIC))
    sent = ask_gate(gate, path=f"{prefix}/", host=NAME, headers={"accept": "text/html"})
    assert sent.headers["location"] == "/quoth/login"
    form = ask_gate(gate, path=f"{prefix}/login", host=NAME)
    assert 'action="/quoth/login"' in form.text
    words = {"username": "ada", "password": "correct horse battery"}
    headers = {"accept": "text/html", "origin": f"https://{NAME}"}
    reply = ask_gate(gate, "POST", f"{prefix}/login", host=NAME, data=words, headers=headers)
    assert reply.headers["location"] == "/quoth/"
    for made in reply.headers.get_list("set-cookie"):
        assert made.endswith("; Path=/quoth; HttpOnly; SameSite=Lax; Secure")
    out = ask_gate(gate, path=f"{prefix}/logout", host=NAME)
    assert out.headers["location"] == "/quoth/login"


# Whose address: forwarded ones count only from a proxy that was named.


def called(peer, forwarded="", *, proxies=(), public=PUBLIC):
    front = read_front(public, proxies=proxies) if public else None
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return caller({"client": (peer, 1) if peer else None}, headers, front=front)


def test_forwarded_addresses_count_from_a_named_proxy_only():
    assert called("127.0.0.1", "203.0.113.7", public=None) == "127.0.0.1"
    assert called("10.0.0.9", "203.0.113.7") == "10.0.0.9"
    assert called("127.0.0.1", "203.0.113.7") == "203.0.113.7"
    assert called("::1", "203.0.113.7") == "203.0.113.7"
    assert called("127.0.0.1", "203.0.113.7", proxies=["10.0.0.2"]) == "127.0.0.1"
    assert called("10.0.0.2", "203.0.113.7", proxies=["10.0.0.2"]) == "203.0.113.7"
    assert called(None, "203.0.113.7") == ""


def test_what_a_caller_forwards_is_not_believed():
    assert called("127.0.0.1", "198.51.100.1, 203.0.113.7") == "203.0.113.7"
    assert called("127.0.0.1", "198.51.100.1, 203.0.113.7, 127.0.0.1") == "203.0.113.7"
    assert called("127.0.0.1", "198.51.100.1, garbage") == "127.0.0.1"
    assert called("127.0.0.1", "198.51.100.1, garbage, 203.0.113.7") == "203.0.113.7"


def test_an_address_is_counted_however_it_is_written():
    assert called("::ffff:203.0.113.7") == "203.0.113.7"
    assert called("127.0.0.1", "203.0.113.7:4711") == "203.0.113.7"
    assert called("2001:db8::1") == called("2001:db8::ffff") == "2001:db8::/64"
    assert called("127.0.0.1", "[2001:db8::1]:80") == "2001:db8::/64"


def test_guesses_through_a_proxy_are_counted_by_caller(tmp_path, users):
    gate = locked_gate(tmp_path, users=users, front=read_front(PUBLIC))

    def guess(number, caller_address, peer="127.0.0.1"):
        forwarded = {"x-forwarded-for": caller_address, "host": NAME}
        return log_in(gate, "ada", f"guess {number}", peer=peer, **forwarded).status_code

    assert [guess(n, "203.0.113.7") for n in range(11)] == [401] * 10 + [429]
    assert guess(11, "203.0.113.8") == 401
    assert [guess(n, f"198.51.100.{n}", peer="10.0.0.9") for n in range(20, 31)] == [401] * 10 + [
        429
    ]

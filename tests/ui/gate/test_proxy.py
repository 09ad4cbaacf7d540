"""The page below a path of a host name, through a real nginx with TLS, as docs/page.md sets it up."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from page_server import FLAGS, chromium, free_port, nginx, openssl, served

from ui.gate.access import hash_password, write_users
from ui.gate.front import read_front
from ui.gate.gate import LOGIN_COOKIE

NAME, ADA = "papers.example.org", "correct horse battery"
FACT = "What does the CIVICS paper show?"
DOCS = Path(__file__).parents[3] / "docs" / "page.md"


@contextlib.contextmanager
def proxy(folder: Path, *, port: int, to: str, cut: bool):
    """nginx with the example of the docs; `cut`: it takes the public path off."""
    example = re.search(r"```nginx\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    for said, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        (f"/etc/ssl/{NAME}.pem", str(folder / "cert.pem")),
        (f"/etc/ssl/{NAME}.key", str(folder / "key.pem")),
        ("http://127.0.0.1:7860;", f"{to}/;" if cut else f"{to};"),
    ):
        assert said in example
        example = example.replace(said, here)
    places = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings = folder / "nginx.conf"
    settings.write_text(
        f"daemon off;\nmaster_process off;\npid {folder / 'pid'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}{example}}}\n"
    )
    running = subprocess.Popen(
        [nginx(), "-p", str(folder), "-c", str(settings), "-e", str(folder / "error.log")]
    )
    try:
        until = time.monotonic() + 20
        while True:
            with contextlib.suppress(httpx.ConnectError):
                httpx.get(f"https://127.0.0.1:{port}/", verify=False)
                break
            assert running.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < until, "nginx did not start"
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(10)


def certificate(folder: Path) -> None:
    request = [openssl(), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    named = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    subprocess.run([*request, *files, *named], check=True, capture_output=True)


class Behind:
    """A page behind nginx, asked by programs."""

    def __init__(self, url: str, port: int, direct: str) -> None:
        self.url, self.port, self.direct = url, port, direct

    def ask(self, method="GET", path="/quoth/", *, named="", source="127.0.0.9", **options):
        headers = {"host": named or f"{NAME}:{self.port}", **options.pop("headers", {})}
        transport = httpx.HTTPTransport(verify=False, local_address=source)
        with httpx.Client(transport=transport, timeout=60) as client:
            return client.request(
                method, f"https://127.0.0.1:{self.port}{path}", headers=headers, **options
            )


@pytest.fixture(scope="module", params=["left on", "cut off"])
def page_behind(request, quick_config, tmp_path_factory):
    """The page, with the public path left on or cut off by the proxy."""
    nginx()
    folder = tmp_path_factory.mktemp("proxy")
    certificate(folder)
    users = folder / "auth.json"
    write_users(users, {"ada": hash_password(ADA)})
    port = free_port()
    url = f"https://{NAME}:{port}/quoth"
    with (
        served(quick_config, auth=users, front=read_front(url)) as running,
        proxy(folder, port=port, to=running.url.rstrip("/"), cut=request.param == "cut off"),
    ):
        assert running.site.loader.wait(seconds=300), "the papers were not opened"
        yield Behind(f"{url}/", port, running.url)


BEARER = {"authorization": f"Bearer ada:{ADA}"}


def test_programs_reach_everything_below_the_path(page_behind):
    config = page_behind.ask(path="/quoth/config", headers=BEARER)
    assert config.json()["root"] == page_behind.url.rstrip("/")
    models = page_behind.ask(path="/quoth/v1/models", headers=BEARER).json()
    assert [model["id"] for model in models["data"]] == ["quoth"]
    sent = page_behind.ask(
        "POST", "/quoth/gradio_api/upload", headers=BEARER, files={"files": ("a.txt", b"x" * 9)}
    )
    assert sent.status_code == 200
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-03-26",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    accept = {"accept": "application/json, text/event-stream", **BEARER}
    reply = page_behind.ask("POST", "/quoth/gradio_api/mcp/", headers=accept, json=hello)
    assert reply.status_code == 200
    assert '"serverInfo"' in reply.text


def test_redirects_stay_at_the_public_address(page_behind):
    for path in ("/quoth", "/quoth/v1/models/", "/quoth/gradio_api/mcp"):
        reply = page_behind.ask(path=path, headers=BEARER)
        if reply.is_redirect:
            where = httpx.URL(page_behind.url).join(reply.headers["location"])
            assert str(where).startswith(page_behind.url)


def test_no_other_name_gets_through(page_behind):
    for named in ("evil.example", "127.0.0.1", f"{NAME}.evil.example"):
        reply = page_behind.ask(named=named, headers=BEARER)
        assert reply.status_code == 403
        assert "proxy_set_header Host" in reply.text
    around = httpx.get(page_behind.direct, headers=BEARER)
    assert around.status_code == 403


def test_no_other_site_gets_through(page_behind):
    for method in ("GET", "POST", "OPTIONS"):
        headers = {
            **BEARER,
            "origin": "https://evil.example",
            "access-control-request-method": "GET",
        }
        reply = page_behind.ask(method, "/quoth/config", headers=headers)
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers


def test_what_callers_forward_changes_nothing(page_behind):
    forged = {
        **BEARER,
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        "x-gradio-server": "http://evil.example",
        "forwarded": "host=evil.example",
    }
    for path in ("/quoth/", "/quoth/config"):
        reply = page_behind.ask(path=path, headers=forged)
        assert reply.status_code == 200
        assert "evil.example" not in reply.text


def test_guesses_are_counted_by_the_real_caller(page_behind):
    def guess(number, source):
        form = {"username": "nobody", "password": f"guess {number}"}
        forged = {"x-forwarded-for": f"203.0.113.{number}"}
        return page_behind.ask("POST", "/quoth/login", source=source, data=form, headers=forged)

    statuses = [guess(n, "127.0.0.77").status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert guess(99, "127.0.0.78").status_code == 401


def test_a_person_logs_in_asks_and_logs_out_below_the_path(page_behind):
    from playwright.sync_api import sync_playwright

    here = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, here])
        context = browser.new_context(ignore_https_errors=True)
        context.set_default_timeout(90_000)
        asked, failed = [], []
        context.on("request", lambda request: asked.append(request.url))
        context.on("response", lambda reply: reply.status >= 400 and failed.append(reply.url))
        tab = context.new_page()
        tab.goto(page_behind.url)
        assert tab.url == f"{page_behind.url}login"
        tab.get_by_label("Name").fill("ada")
        tab.get_by_label("Password").fill(ADA)
        tab.keyboard.press("Enter")
        tab.locator(".empty").wait_for()
        cookie = next(c for c in context.cookies() if c["name"] == LOGIN_COOKIE)
        assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/quoth")
        tab.locator("#question textarea").fill(FACT)
        tab.keyboard.press("Enter")
        tab.locator("#log .turn", has_text=FACT).wait_for()
        tab.locator("#log .claim").first.wait_for()
        tab.wait_for_url("**c=*")
        with tab.expect_download() as saving:
            tab.locator("#log a.save", has_text="BibTeX").click()
        assert saving.value.path().read_text().startswith("@")
        tab.locator("#log a.marker").first.click()
        tab.locator("#panel mark").first.wait_for()
        tab.reload()
        tab.locator("#log .turn", has_text=FACT).wait_for()
        if "QUOTH_SHOT" in os.environ:  # a picture of the page, to be looked at
            tab.evaluate("window.scrollTo(0, 0)")
            tab.screenshot(path=os.environ["QUOTH_SHOT"])
        refused = list(failed)  # what the page still asks for behind the log-out is refused rightly
        tab.get_by_text("Log out").click()
        tab.get_by_label("Password").wait_for()
        old = page_behind.ask(headers={"cookie": f"{LOGIN_COOKIE}={cookie['value']}"})
        browser.close()
    assert old.status_code == 401, "the old cookie is worth nothing after logging out"
    assert [url for url in asked if not url.startswith((page_behind.url, "data:", "blob:"))] == []
    assert [url for url in refused if not url.endswith("favicon.ico")] == []

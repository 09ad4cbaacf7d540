"""A page with an auth file, as run: nobody comes in without a password, and each sees their own."""

from __future__ import annotations

import asyncio

import httpx
import openai
import pytest
from page_server import served

from ui.cli import main
from ui.gate.access import hash_password, write_users

FACT = "What does the CIVICS paper show?"
ADA = "correct horse battery"


@pytest.fixture(scope="module")
def locked(quick_config, tmp_path_factory):
    """The page with one user, and a limit of uploads that a test can reach."""
    from ui.doors import doors

    users = tmp_path_factory.mktemp("auth") / "auth.json"
    write_users(users, {"ada": hash_password(ADA)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doors, "UPLOAD_BYTES", 10_000)
        with served(quick_config, auth=users) as running:
            assert running.site.loader.wait(seconds=300), "the papers were not opened"
            yield running


@pytest.mark.parametrize(
    "path",
    ["", "config", "gradio_api/info", "gradio_api/queue/data", "v1/models", "saved/answer/t1.json"],
)
def test_nothing_is_told_without_a_password(locked, path):
    reply = httpx.get(locked.url + path)
    assert reply.status_code == 401
    assert "Bearer NAME:PASSWORD" in reply.text
    assert "CIVICS" not in reply.text


def test_gradio_client_logs_in(locked):
    from gradio_client import Client

    client = Client(locked.url, auth=("ada", ADA), verbose=False)
    assert client.predict("values", k=1, api_name="/search")
    client.close()
    with pytest.raises(Exception, match=r"(?i)log|auth|401|password"):
        Client(locked.url, auth=("ada", "wrong wrong"), verbose=False)


def test_the_openai_key_is_name_and_password(locked):
    right = openai.OpenAI(base_url=f"{locked.url}v1", api_key=f"ada:{ADA}", max_retries=0)
    assert [model.id for model in right.models.list()] == ["quoth"]
    wrong = openai.OpenAI(base_url=f"{locked.url}v1", api_key="ada:no", max_retries=0)
    with pytest.raises(openai.AuthenticationError):
        wrong.models.list()


def test_mcp_comes_in_with_the_same_header(locked):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def work():
        headers = {"Authorization": f"Bearer ada:{ADA}"}
        url = f"{locked.url}gradio_api/mcp/"
        async with (
            streamablehttp_client(url, headers=headers) as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            names = [tool.name for tool in (await session.list_tools()).tools]
            search = next(name for name in names if name.endswith("search"))
            return await session.call_tool(search, {"question": "values", "k": 1})

    assert not asyncio.run(work()).isError


def test_a_person_logs_in_and_asks(locked, browser):
    # In a browser: with the wrong Referrer-Policy it sends the form with the origin "null".
    context = browser.new_context()
    context.set_default_timeout(90_000)
    tab = context.new_page()
    tab.goto(locked.url)
    tab.get_by_label("Name").fill("ada")
    tab.get_by_label("Password").fill("not it at all")
    tab.keyboard.press("Enter")
    tab.get_by_text("do not go together").wait_for()
    tab.get_by_label("Name").fill("ada")
    tab.get_by_label("Password").fill(ADA)
    tab.keyboard.press("Enter")
    tab.locator(".empty").wait_for()
    tab.locator("#question textarea").fill(FACT)
    tab.keyboard.press("Enter")
    tab.locator("#log .turn", has_text=FACT).wait_for()
    context.close()


def test_who_is_reached_without_a_proxy_forwards_nothing(locked):
    """Without --public-url nobody's X-Forwarded-For counts, from this machine neither."""
    statuses = [
        httpx.post(
            f"{locked.url}login",
            data={"username": "nobody", "password": f"guess {n}"},
            headers={"x-forwarded-for": f"203.0.113.{n}"},
        ).status_code
        for n in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2


def test_an_upload_beyond_the_limit_is_refused(locked):
    headers = {"Authorization": f"Bearer ada:{ADA}"}
    to = f"{locked.url}gradio_api/upload"
    small = httpx.post(to, headers=headers, files={"files": ("small.txt", b"x" * 1000)})
    assert small.status_code == 200
    large = httpx.post(to, headers=headers, files={"files": ("large.txt", b"x" * 50_000)})
    assert large.status_code == 413


def test_serving_other_machines_without_passwords_is_refused(tmp_path, capsys):
    index = tmp_path / "index"
    assert main(["chat", "--host", "0.0.0.0", "--index", str(index)]) == 2
    told = capsys.readouterr().err
    assert "--auth FILE" in told
    assert "quoth auth add" in told
    assert not index.exists(), "it is refused before anything is done"


def test_auth_add_from_the_terminal(tmp_path, capsys, monkeypatch):
    import io

    users = tmp_path / "auth.json"
    monkeypatch.setattr("sys.stdin", io.StringIO(ADA + "\n"))
    assert main(["auth", "add", "ada", "--auth", str(users)]) == 0
    assert ADA not in users.read_text(encoding="utf-8")
    assert main(["auth", "list", "--auth", str(users)]) == 0
    assert capsys.readouterr().out == "ada\n"

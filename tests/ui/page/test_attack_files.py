"""Every event and every route of the page is asked for a file of the server: none comes back.

The events and routes are read off the running page, so that a new one is attacked by itself.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import httpx
import pytest
from page_server import served
from ui_helpers import Idle

from rag.config import Config
from ui.gate.access import hash_password, write_users
from ui.page.server import make_app
from ui.page.start import site_over

pytestmark = pytest.mark.slow

SECRET = "the-planted-secret"
ADA, BO = "ada:correct horse battery", "bo:another long one"
WAYS = ("run", "api", "call", "call/v2", "queue/join")


@pytest.fixture(scope="module", params=["open", "auth"])
def running(request, tmp_path_factory):
    """The page, and who asks: with `--auth` somebody who may log in."""
    folder = tmp_path_factory.mktemp("attacked")
    auth, headers = None, {}
    if request.param == "auth":
        auth = folder / "auth.json"
        people = dict(one.split(":") for one in (ADA, BO))
        write_users(auth, {name: hash_password(word) for name, word in people.items()})
        headers = {"authorization": f"Bearer {ADA}"}
    config = Config(index=folder / "index")
    with (
        served(config, auth=auth, make_assistant=Idle) as page,
        httpx.Client(base_url=page.url, headers=headers, timeout=20) as client,
    ):
        client.get("", headers={"accept": "text/html"})  # the cookie of a browser
        yield page, client


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A file of the server that is nobody's business; its lines would come back as rejected."""
    path = tmp_path_factory.mktemp("elsewhere") / "planted.jsonl"
    path.write_text(json.dumps({"title": SECRET}) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def routes(tmp_path_factory):
    """Every route of the application with its methods, Gradio's too."""
    site = site_over(Config(index=tmp_path_factory.mktemp("routes")), make_assistant=Idle)
    app = make_app(site)
    waiting = [("", route) for route in getattr(app, "_app", app).routes]
    found = []
    while waiting:
        before, route = waiting.pop()
        path = before + getattr(route, "path", "")
        if getattr(route, "methods", None):
            found.append((path, sorted(route.methods)))
        inner = getattr(route, "original_router", route)  # FastAPI includes a router whole
        waiting.extend((path.rstrip("/"), one) for one in getattr(inner, "routes", None) or ())
    assert len(found) > 60
    return found


def file_data(path):
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, "orig_name": "a.jsonl"}


def usual(client):
    """The events of the page, each with the values that its inputs have when the page is opened."""
    config = client.get("config").json()
    values = {part["id"]: part["props"].get("value") for part in config["components"]}
    return [
        {**event, "usual": [values[part] for part in event["inputs"]]}
        for event in config["dependencies"]
    ]


def calls(event, files, way):
    """Bodies that put the files into each input of an event."""
    for place in range(max(1, len(event["inputs"]))):
        data = [value or "" for value in event["usual"]]
        data[place : place + 1] = [files]
        body = {"data": data, "session_hash": "attack", "event_data": {"source": files}}
        if way not in ("call", "call/v2"):
            body["fn_index"] = event["id"]
        yield body if way != "call/v2" else {"question": "x", "history": files, **body}


def attack(client, event, files, way, origin):
    """All that comes back of an event called in one way; "" when it is refused."""
    heard = ""
    name = "" if way == "queue/join" else f"/{event['api_name'] or 'predict'}"
    for body in calls(event, files, way):
        reply = client.post(f"gradio_api/{way}{name}", json=body, headers=origin)
        heard += reply.text
        number = reply.json().get("event_id") if reply.status_code == 200 else None
        if number:
            where = f"gradio_api/call/x/{number}"
            if way == "queue/join":
                where = "gradio_api/queue/data?session_hash=attack"
            with client.stream("GET", where) as stream:
                for line in stream.iter_lines():
                    heard += line
                    if "process_completed" in line or line.startswith(
                        ("event: comp", "event: err")
                    ):
                        break
    return heard


@pytest.mark.parametrize("way", WAYS)
def test_no_event_reads_a_file_that_its_caller_has_not_sent(running, planted, way):
    page, client = running
    events = usual(client)
    assert {"added", "ask", "search"} <= {event["api_name"] for event in events}
    named = ([file_data(planted)], file_data(planted)) if way == "run" else ([file_data(planted)],)
    for event in events:
        for files in named:
            for origin in ({}, {"origin": page.url.rstrip("/")}):
                assert SECRET not in attack(client, event, files, way, origin), event["api_name"]
    for folder in (page.folder, page.site.uploads.folder):
        kept = [path for path in folder.rglob("*") if path.is_file()]
        assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


@pytest.mark.parametrize("way", ["run", "queue/join"])
def test_a_private_event_answers_the_page_only(running, way):
    page, client = running
    events = usual(client)
    private = [one for one in events if one["backend_fn"] and one["api_visibility"] != "public"]
    assert len(private) > 10
    for event in private:
        body = {"data": event["usual"], "session_hash": "x"}
        name = "" if way == "queue/join" else f"/{event['api_name']}"
        for more in ({}, {"fn_index": event["id"]}):
            reply = client.post(f"gradio_api/{way}{name}", json={**body, **more})
            assert reply.status_code == 404, (event["api_name"], reply.text)
        named = client.post(f"gradio_api/call/{event['api_name']}", json=body)
        assert named.status_code == 404
    begin = next(one for one in private if one["api_name"] == "listed" and not one["queue"])
    body = {"data": begin["usual"], "fn_index": begin["id"], "session_hash": "x"}
    ours = {"origin": page.url.rstrip("/")}
    assert client.post("gradio_api/run/predict", json=body, headers=ours).status_code == 200


def test_a_device_is_not_read_to_its_end(running):
    _, client = running
    events = usual(client)
    added = next(event for event in events if event["api_name"] == "added")
    for path in ("/dev/zero", "/dev/stdin", "https://example.org/x", "data:,x", 7, None):
        body = {"data": [[file_data(path)], "", "", "", "", "newest"], "session_hash": "x"}
        reply = client.post("gradio_api/run/added", json={**body, "fn_index": added["id"]})
        assert reply.status_code in (400, 403, 404)
    assert client.get("config").status_code == 200


def test_no_route_gives_a_file_that_its_caller_has_not_sent(running, planted, routes):
    _, client = running
    for route, methods in routes:
        if route.strip("/") in ("login", "logout"):
            continue  # the gate's own
        for path in (str(planted), quote(str(planted), safe=""), f"../..{planted}"):
            where = route
            while "{" in where:
                start, end = where.index("{"), where.index("}")
                where = where[:start] + path + where[end + 1 :]
            for method in methods:
                forms = [{}]
                if method == "POST":
                    forms = [{"json": {"path": path, "data": [file_data(path)]}}]
                    forms.append({"files": {"files": (path, b"mine")}})
                for form in forms:
                    with client.stream(method, where, **form) as reply:
                        if reply.headers.get("content-type", "").startswith("text/event-stream"):
                            continue
                        assert SECRET not in reply.read().decode("latin-1"), where


def test_a_route_that_nobody_has_opened_is_closed(running, routes):
    _, client = running
    closed = ("process_recording", "component_server", "proxy=http://x", "stream/x", "runs")
    closed = [f"gradio_api/{path}" for path in (*closed, "vibe-edit", "custom_component/a/b/c/d")]
    known = {route.split("{")[0].strip("/") for route, _ in routes}
    assert any("process_recording" in route for route in known), "the walk sees Gradio's routes"
    for path in (*closed, "gradio_api/deep_link", "monitoring", "gradio_api/call/x"):
        for method in ("GET", "POST"):
            assert client.request(method, path).status_code in (400, 404), path

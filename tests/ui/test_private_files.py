"""What people have said and sent is theirs: 0600 in folders that are 0700, one file each."""

from __future__ import annotations

import os
import stat

import httpx
import pytest
from page_server import served
from ui_helpers import Idle, make_answer, make_paper

from rag.config import Config
from ui.cli.ask import _load_history, _save_history
from ui.page.start import site_over
from ui.talk.uploads import Uploads

pytestmark = pytest.mark.slow

FILE = {"meta": {"_type": "gradio.FileData"}}


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def assert_private(path):
    assert path.is_file()
    assert (mode(path), mode(path.parent)) == (0o600, 0o700), path


@pytest.fixture(autouse=True)
def generous_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_conversations_are_their_owners_only(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir(mode=0o755)
    site = site_over(Config(index=folder), make_assistant=Idle)
    site.conversations.add("ada", "", make_answer([make_paper(1)]))
    kept = [path for path in folder.rglob("*") if path.name.startswith("conversations.sqlite")]
    assert kept
    for path in kept:
        assert_private(path)
    assert mode(folder) == 0o755, "the index itself may be shared"


def test_the_last_conversation_is_its_owners_only(tmp_path):
    config = Config(index=tmp_path / "index")
    _save_history(config, [], make_answer([make_paper(1)]))
    (kept,) = (path for path in config.index.rglob("*") if path.is_file())
    assert_private(kept)
    assert [turn.role for turn in _load_history(config)] == ["user", "assistant"]


def test_what_lay_in_the_open_is_found_and_made_private(tmp_path):
    config = Config(index=tmp_path / "index")
    site = site_over(config, make_assistant=Idle)
    kept, _ = site.conversations.add("ada", "", make_answer([make_paper(1)]))
    place = next(config.index.rglob("conversations.sqlite"))
    for path in list(place.parent.iterdir()):
        path.chmod(0o644)
        path.rename(config.index / path.name)
    again = site_over(config, make_assistant=Idle)
    assert [one.conversation_id for one in again.conversations.listed("ada")] == [kept]
    assert_private(next(config.index.rglob("conversations.sqlite")))


def send(page, client, text):
    """Upload a file and add it, as a browser does."""
    sent = client.post("gradio_api/upload", files={"files": ("papers.jsonl", text)})
    event = next(
        one for one in client.get("config").json()["dependencies"] if one["api_name"] == "added"
    )
    file = {**FILE, "path": sent.json()[0]}
    body = {"data": [[file], "", "", "", "", "newest"], "fn_index": event["id"]}
    return client.post("gradio_api/run/predict", json={**body, "session_hash": "x"})


def test_two_peoples_files_of_one_name_are_two(tmp_path):
    texts = (b'{"title": "of the first"}\n', b'{"title": "of the second"}\n')
    with served(Config(index=tmp_path / "index"), make_assistant=Idle) as page:
        ours = {"origin": page.url.rstrip("/")}
        for text in texts:
            with httpx.Client(base_url=page.url, headers=ours, timeout=60) as client:
                client.get("", headers={"accept": "text/html"})
                reply = send(page, client, text)
                assert "1 rejected" in reply.text, reply.text
                assert str(page.folder) not in reply.text
        kept = [path for path in (page.folder / "uploads").rglob("*") if path.is_file()]
        assert sorted(path.read_bytes() for path in kept) == sorted(texts)
        for path in kept:
            assert path.name == "papers.jsonl"
            assert_private(path)
        assert mode(page.folder / "uploads") == 0o700
        waiting = [path for path in page.site.uploads.folder.rglob("*.jsonl") if path.is_file()]
        assert not waiting, "what was added waits no longer"


def test_an_upload_is_its_senders(tmp_path):
    with served(Config(index=tmp_path / "index"), make_assistant=Idle) as page:
        ours = {"origin": page.url.rstrip("/")}
        people = [httpx.Client(base_url=page.url, headers=ours, timeout=60) for _ in range(2)]
        for one in people:
            one.get("", headers={"accept": "text/html"})
        sent = people[0].post("gradio_api/upload", files={"files": ("a.jsonl", b"mine")}).json()[0]
        assert people[0].get(f"gradio_api/file={sent}").text == "mine"
        assert people[1].get(f"gradio_api/file={sent}").status_code == 404
        body = {"data": [[{**FILE, "path": sent}], "", "", "", "", "newest"], "session_hash": "x"}
        events = people[1].get("config").json()["dependencies"]
        added = next(event for event in events if event["api_name"] == "added")
        reply = people[1].post("gradio_api/run/predict", json={**body, "fn_index": added["id"]})
        assert reply.status_code == 403
        for one in people:
            one.close()


def test_only_a_regular_file_by_its_own_name_is_somebodys():
    uploads = Uploads()
    request = uploads.begin("ada")
    file, link, pipe = request / "a.txt", request / "link.txt", request / "pipe"
    file.write_text("x", encoding="utf-8")
    link.symlink_to("/dev/zero")
    os.mkfifo(pipe)
    assert uploads.is_own("ada", str(file))
    assert not uploads.is_own("bo", str(file))
    others = uploads.begin("bo")
    strange = (link, pipe, request, f"{request}/../{request.name}/a.txt", f"{file}\0", "", "a.txt")
    for path in (
        *strange,
        f"/{file}",
        f"{others}/../../{request.parent.name}/{request.name}/a.txt",
    ):
        assert not uploads.is_own("ada", str(path)), path
    uploads.end()


def test_what_waits_to_be_added_does_not_fill_the_disk(monkeypatch):
    uploads = Uploads()
    monkeypatch.setattr("ui.talk.uploads._WAITING_BYTES", 100)
    requests = []
    for number in range(5):
        requests.append(uploads.begin(f"person {number}"))
        file = requests[-1] / "a.txt"
        file.write_bytes(b"x" * 40)
        uploads.keep(requests[-1], [str(file)])
    assert [request.exists() for request in requests] == [False, False, False, True, True]
    uploads.end()
    assert not uploads.folder.exists()

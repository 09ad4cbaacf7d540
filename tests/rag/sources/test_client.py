"""Services that are busy, slow, hostile or away."""

import gzip
import json
from datetime import date

import pytest
from sources_helpers import hub_paper

from rag.config import SourcesConfig
from rag.errors import FetchError
from rag.sources import Desk, client, fetch
from rag.sources.client import Client
from rag.sources.replies import Replies

DAY = date(2026, 11, 20)
GOOD = json.dumps([hub_paper(1, "2026-11-20")]).encode()


def in_turn(*answers):
    """Gives its answers one after the other, the last for good."""
    left = list(answers)
    return lambda *_: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_when_it_says(serve, status):
    waits = []
    service = serve(
        in_turn((status, {"Retry-After": "7"}, b"busy"), (status, {}, b""), (200, {}, GOOD))
    )
    assert Client(sleep=waits.append).get(service.address, {"a": "1"}, help={}) == GOOD
    assert waits[0] == 7.0 and 2.0 <= waits[1] <= 2.5


def test_a_service_that_stays_busy_is_left_alone(serve):
    waits = []
    service = serve(in_turn((503, {}, b"down for work")))
    with pytest.raises(FetchError, match=r"answered 503 \(down for work\).*run it again"):
        Client(sleep=waits.append).get(service.address, {}, help={})
    assert len(service.asked) == client.TRIES and waits == sorted(waits)


def test_who_asks_for_a_long_wait_is_told_of(serve):
    waits = []
    service = serve(in_turn((429, {"Retry-After": "7200"}, b"")))
    with pytest.raises(FetchError, match="asks to wait 120 minutes"):
        Client(sleep=waits.append).get(service.address, {}, help={})
    assert waits == [] and len(service.asked) == 1


def test_questions_are_as_far_apart_as_the_service_wants(serve):
    waits = []
    service = serve(in_turn((200, {}, GOOD)))
    times = iter([10.0, 10.0, 11.0, 13.0, 20.0, 20.0])  # before and after each wait
    one = Client(pause=3.0, sleep=waits.append, clock=lambda: next(times))
    for _ in range(3):
        one.get(service.address, {}, help={})
    assert waits == [2.0] and len(service.asked) == 3


def test_a_reply_without_end_is_left(serve, monkeypatch):
    monkeypatch.setattr(client, "MOST_BYTES", 100_000)
    packed = gzip.compress(b" " * 10_000_000)
    service = serve(in_turn((200, {"content-encoding": "gzip"}, packed)))
    with pytest.raises(FetchError, match="more than 100,000 bytes"):
        Client().get(service.address, {}, help={})


def test_a_service_that_says_nothing_is_given_up(serve):
    import threading

    done = threading.Event()
    service = serve(lambda *_: (done.wait(5), (200, {}, GOOD))[1])
    with pytest.raises(FetchError, match="answered 504"):
        Client(timeout=0.05, sleep=lambda _: None).get(service.address, {}, help={})
    done.set()


def test_redirects_without_end_are_told(serve):
    service = serve(in_turn((302, {"Location": "/again"}, b"")))
    with pytest.raises(FetchError, match="redirect"):
        Client().get(service.address, {}, help={})


@pytest.mark.parametrize(
    "body", [b"<html>log in</html>", b'{"error": 1}', b"[" * 100_000, b"\xff\xfe"]
)
def test_what_is_no_list_is_told_and_not_kept(serve, tmp_path, body):
    service = serve(in_turn((200, {}, body), (200, {}, GOOD)))
    desk = Desk(SourcesConfig(daily=service.address), Replies(tmp_path), today=date(2026, 12, 1))
    first = fetch("daily:2026-11-20", desk)
    assert first.pages == () and "address right in the settings" in first.failure
    assert fetch("daily:2026-11-20", desk).failure == ""


def test_what_came_before_a_failure_is_kept_and_the_next_run_goes_on(serve, tmp_path):
    full = json.dumps([hub_paper(n, "2026-11-20") for n in range(100)]).encode()
    service = serve(in_turn((200, {}, full), (400, {}, b"no"), (200, {}, GOOD)))
    desk = Desk(
        SourcesConfig(daily=service.address, daily_pause=0.0),
        Replies(tmp_path),
        today=date(2026, 12, 1),
    )
    first = fetch("daily:2026-11-20", desk)
    assert len(first.pages) == 1 and "400" in first.failure
    second = fetch("daily:2026-11-20", desk)
    assert len(second.pages) == 2 and second.failure == ""
    assert [query["p"] for _, query in service.asked] == ["0", "1", "1"]


def test_a_kept_reply_that_is_damaged_is_fetched_anew(serve, tmp_path):
    service = serve(in_turn((200, {}, GOOD)))
    desk = Desk(SourcesConfig(daily=service.address), Replies(tmp_path), today=date(2026, 12, 1))
    (page,) = fetch("daily:2026-11-20", desk).pages
    page.write_bytes(page.read_bytes()[:-4])
    assert fetch("daily:2026-11-20", desk).failure == ""
    assert len(service.asked) == 2


def test_a_dry_run_leaves_the_folder_as_it_is(serve, tmp_path):
    service = serve(in_turn((200, {}, GOOD)))
    index, scratch = tmp_path / "index", tmp_path / "scratch"
    replies = Replies(index, scratch=scratch)
    desk = Desk(SourcesConfig(daily=service.address), replies, today=date(2026, 12, 1))
    assert len(fetch("daily:2026-11-20", desk).pages) == 1
    assert not index.exists() and len(list(scratch.iterdir())) == 1

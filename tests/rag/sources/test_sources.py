"""Papers from where they live: what is asked, in which pages, and what is not asked again."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sources_helpers import atom, hub_paper, work, zotero_item

from rag.config import SourcesConfig
from rag.errors import UsageError
from rag.library.intake import Files, Named
from rag.sources import Desk, fetch, is_source
from rag.sources import arxiv as arxiv_module
from rag.sources.replies import Replies
from rag.types import Paper

TODAY = date(2026, 12, 1)


@pytest.fixture
def desk(tmp_path):
    def made(*, today=TODAY, since=None, notes=None, **settings):
        config = SourcesConfig(
            **{"arxiv_pause": 0.0, "daily_pause": 0.0, "timeout": 5.0, **settings}
        )
        return Desk(
            config,
            Replies(tmp_path / "index" / "fetched"),
            since=since,
            today=today,
            on_note=(notes if notes is not None else []).append,
        )

    return made


def papers_of(came):
    files = Files([Named(came.name, came.pages)], format="auto", page_year=None, stdin=None)
    found = [item for records in files for item in records]
    assert all(isinstance(one, Paper) for one in found) and files.failures == []
    assert {one.source for one in found} <= {(came.name,)}
    return found


def test_only_words_before_a_colon_that_mean_a_source_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_source("arxiv:cs.CL") and is_source("zotero:")
    assert not any(map(is_source, ["papers.bib", "-", "https://arxiv.org/abs/1", "C:papers.bib"]))
    (tmp_path / "daily:2026-11-28").write_text("{}")
    assert not is_source("daily:2026-11-28")
    assert is_source("openalex:" + "mills and weirs " * 100)  # too long for the name of a file


class Arxiv:
    """Speaks arXiv's Atom interface over papers (number, day), with pages of three at most."""

    def __init__(self, papers):
        self.papers = sorted(papers, key=lambda paper: paper[1])
        self.empty_once = False

    def __call__(self, path, query, headers):
        if "id_list" in query:
            wanted = query["id_list"].split(",")
            found = [paper for paper in self.papers if paper[0] in wanted]
            return 200, {}, atom(found, total=len(found))
        span = query["search_query"].partition("[")[2].rstrip("]").split(" TO ")
        first, last = (f"{day[:4]}-{day[4:6]}-{day[6:8]}" for day in span)
        found = [paper for paper in self.papers if first <= paper[1] <= last]
        start = int(query["start"])
        if self.empty_once and start:
            self.empty_once = False
            return 200, {}, atom([], total=len(found))
        page = found[start : start + int(query["max_results"])]
        return 200, {}, atom(page, total=len(found))


NOVEMBER = [(f"2611.{n:05}", f"2026-11-{n:02}") for n in range(1, 31)]


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(arxiv_module, "PAGE", 12)


def test_arxiv_gives_all_papers_of_a_category_page_by_page(serve, desk, small_pages):
    service = serve(Arxiv([*NOVEMBER, ("2612.00001", "2026-12-01")]))
    came = fetch("arxiv:cs.CL", desk(since=date(2026, 11, 3), arxiv=service.address))
    found = papers_of(came)
    assert came.failure == ""
    assert [paper.arxiv_id for paper in found[:2]] == ["2611.00003v1", "2611.00004v1"]
    assert len(found) == 29
    asked = [query for _, query in service.asked]
    assert [query["start"] for query in asked] == ["0", "12", "24", "0"]
    assert asked[0]["search_query"] == (
        "cat:cs.CL AND submittedDate:[202611030000 TO 202611302359]"
    )
    assert {(query["sortBy"], query["sortOrder"]) for query in asked} == {
        ("submittedDate", "ascending")
    }


def test_arxiv_is_asked_again_only_for_what_may_be_new(serve, desk, small_pages):
    listing = Arxiv(NOVEMBER)
    service = serve(listing)
    since = date(2026, 11, 1)
    fetch("arxiv:cs.CL", desk(since=since, arxiv=service.address))
    before = len(service.asked)
    again = fetch("arxiv:cs.CL", desk(since=since, arxiv=service.address))
    assert len(papers_of(again)) == 30 and len(service.asked) == before
    listing.papers.append(("2612.00002", "2026-12-02"))
    tomorrow = desk(since=since, arxiv=service.address, today=date(2026, 12, 2))
    assert len(papers_of(fetch("arxiv:cs.CL", tomorrow))) == 31
    # The page of 1 to 12 November is settled; 13 to 24 was not yet, nor the rest, nor December.
    assert [query["start"] for _, query in service.asked[before:]] == ["12", "24", "0"]
    # All of November is settled by the 20th of December.
    before = len(service.asked)
    later = desk(since=since, arxiv=service.address, today=date(2026, 12, 20))
    fetch("arxiv:cs.CL", later)
    fetch("arxiv:cs.CL", desk(since=since, arxiv=service.address, today=date(2026, 12, 21)))
    starts = [query["start"] for _, query in service.asked[before:]]
    assert starts == ["24", "0", "0"]


def test_an_empty_page_of_arxiv_where_papers_are_is_asked_for_again(serve, desk, small_pages):
    listing = Arxiv(NOVEMBER)
    listing.empty_once = True
    service = serve(listing)
    came = fetch("arxiv:cs.CL", desk(since=date(2026, 11, 1), arxiv=service.address))
    assert came.failure == "" and len(papers_of(came)) == 30


def test_arxiv_without_a_day_takes_a_month_and_says_so(serve, desk):
    notes = []
    service = serve(Arxiv(NOVEMBER))
    came = fetch("arxiv:cs.CL", desk(arxiv=service.address, notes=notes))
    assert len(papers_of(came)) == 30
    assert "2026-11-01" in notes[0] and "--since" in notes[0]


def test_arxiv_gives_papers_by_their_ids(serve, desk):
    service = serve(Arxiv(NOVEMBER))
    came = fetch("arxiv:2611.00004, 2611.00007", desk(arxiv=service.address))
    assert [paper.title for paper in papers_of(came)] == ["Mills 2611.00004", "Mills 2611.00007"]


@pytest.mark.parametrize("name", ["arxiv:", "arxiv:cs CL", "arxiv:cs.CL OR all:x", "openalex:",
                                  "daily:yesterday", "daily:2026-12-02", "daily:2019-01-01"])  # fmt: skip
def test_what_means_nothing_is_told_before_anything_is_asked(serve, desk, name):
    service = serve(lambda *_: (500, {}, b""))
    address = dict.fromkeys(("arxiv", "openalex", "daily"), service.address)
    with pytest.raises(UsageError, match=r"as in|from 2023"):
        fetch(name, desk(**address))
    assert service.asked == []


class OpenAlex:
    """Speaks OpenAlex's lists over works; a cursor needs a key."""

    def __init__(self, count):
        self.works = [work(number) for number in range(count)]

    def __call__(self, path, query, headers):
        size = int(query["per_page"])
        if "cursor" in query:
            if query.get("api_key") != "mine":
                return 401, {}, b'{"error": "no key"}'
            start = 0 if query["cursor"] == "*" else int(query["cursor"].removeprefix("at "))
            there = start + size < len(self.works)
            meta = {"next_cursor": f"at {start + size}" if there else None}
        else:
            start, meta = (int(query["page"]) - 1) * size, {}
        tree = {
            "meta": {"count": len(self.works), **meta},
            "results": self.works[start : start + size],
        }
        return 200, {}, json.dumps(tree).encode()


@pytest.mark.parametrize(("key", "place"), [("mine", "cursor"), ("", "page")])
def test_openalex_is_read_to_its_end_with_a_key_and_without(serve, desk, key, place, monkeypatch):
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    service = serve(OpenAlex(230))
    made = desk(openalex=service.address, openalex_key=key, since=date(2026, 1, 1))
    found = papers_of(fetch("openalex:water mills", made))
    assert len(found) == 230
    assert found[7].abstract == "We time mill 7 in a dry summer."
    assert (found[7].doi, found[7].date) == ("10.1234/w7", "2026-11-03")
    asked = [query for _, query in service.asked]
    assert len(asked) == 3 and all(place in query for query in asked)
    assert asked[0]["search"] == "water mills"
    assert asked[0]["filter"] == "has_abstract:true,from_publication_date:2026-01-01"
    fetch("openalex:water mills", made)
    assert len(service.asked) == 3
    assert not [name for name in made.replies._folders[0].iterdir() if "mine" in name.name]


def test_ctrl_c_leaves_what_came_and_the_next_run_goes_on(serve, desk, monkeypatch):
    monkeypatch.delenv("OPENALEX_API_KEY", raising=False)
    service = serve(OpenAlex(230))

    def interrupt(done, total):
        raise KeyboardInterrupt

    made = desk(openalex=service.address)
    with pytest.raises(KeyboardInterrupt):
        fetch("openalex:water mills", replace(made, progress=interrupt))
    assert len(papers_of(fetch("openalex:water mills", made))) == 230
    assert [query["page"] for _, query in service.asked] == ["1", "2", "3"]


def test_openalex_takes_a_filter_and_ends_at_the_limit(serve, desk):
    notes = []
    service = serve(OpenAlex(230))
    made = desk(openalex=service.address, openalex_key="mine", openalex_limit=100, notes=notes)
    assert len(papers_of(fetch("openalex:author.id:A1,type:article", made))) == 100
    assert service.asked[0][1]["filter"] == "has_abstract:true,author.id:A1,type:article"
    assert "100 of 230" in notes[0]


def test_a_key_that_is_refused_is_told_without_the_key(serve, desk):
    service = serve(OpenAlex(230))
    came = fetch("openalex:mills", desk(openalex=service.address, openalex_key="secret-1"))
    assert "401" in came.failure and "OPENALEX_API_KEY" in came.failure
    assert "secret-1" not in came.failure


def test_daily_papers_of_a_day_are_fetched_once(serve, desk):
    listed = {"2026-11-20": 130, "2026-12-01": 3}

    def answer(path, query, headers):
        count, start = listed.get(query["date"], 0), int(query["p"]) * int(query["limit"])
        page = [hub_paper(n, query["date"]) for n in range(count)][
            start : start + int(query["limit"])
        ]
        return 200, {}, json.dumps(page).encode()

    service = serve(answer)
    found = papers_of(fetch("daily:2026-11-20", desk(daily=service.address)))
    assert len(found) == 130
    assert (found[4].arxiv_id, found[4].upvotes, found[4].comments) == ("2611.00004", 4, 2)
    assert [query["p"] for _, query in service.asked] == ["0", "1"]
    fetch("daily:2026-11-20", desk(daily=service.address, today=date(2027, 1, 1)))
    assert len(service.asked) == 2
    came = fetch("daily:", desk(daily=service.address, since=date(2026, 11, 29)))
    assert len(papers_of(came)) == 3
    assert [query["date"] for _, query in service.asked[2:]] == [
        "2026-11-29", "2026-11-30", "2026-12-01",
    ]  # fmt: skip


def test_what_was_mended_in_many_pages_is_told_once(serve, desk):
    def answer(path, query, headers):
        page = [hub_paper(n, query["date"]) for n in range(100 if query["p"] == "0" else 20)]
        for item in page:
            item["paper"]["summary"] = "We time $x_{ij}$ mills. They turn."
        return 200, {}, json.dumps(page).encode()

    came = fetch("daily:2026-11-20", desk(daily=serve(answer).address))
    files = Files([Named(came.name, came.pages)], format="auto", page_year=None, stdin=None)
    assert sum(1 for records in files for _ in records) == 120
    (repair,) = files.repairs
    assert (repair.path, repair.count) == ("daily:2026-11-20", 120)
    assert files.notes == [str(repair)]


class Zotero:
    """Speaks Zotero's local interface: a library with two collections, and a group with one."""

    def __init__(self):
        self.collections = {
            "users/0": [
                {"key": "C1", "data": {"key": "C1", "name": "Mills", "parentCollection": False}},
                {"key": "C2", "data": {"key": "C2", "name": "Weirs", "parentCollection": "C1"}},
            ],
            "groups/7": [
                {"key": "C9", "data": {"key": "C9", "name": "Old", "parentCollection": False}}
            ],
        }
        many = [zotero_item(f"M{n}") for n in range(120)]
        self.items = {
            "users/0": [*many, zotero_item("W1"), zotero_item("N1", itemType="note")],
            "users/0/collections/C1": [zotero_item("M1"), zotero_item("A1", itemType="attachment")],
            "users/0/collections/C2": [zotero_item("W1"), zotero_item("M1")],
            "groups/7": [zotero_item("G1")],
            "groups/7/collections/C9": [zotero_item("G1")],
        }

    def __call__(self, path, query, headers):
        assert headers.get("zotero-api-version") == "3"
        path = path.removeprefix("/api/")
        if path == "users/0/groups":
            found = [{"id": 7, "data": {"id": 7, "name": "Millers"}}]
        elif path.endswith("/collections"):
            found = self.collections[path.removesuffix("/collections")]
        else:
            found = self.items[path.removesuffix("/items/top")]
        start = int(query["start"])
        page = found[start : start + int(query["limit"])]
        return 200, {"Total-Results": str(len(found))}, json.dumps(page).encode()


@pytest.mark.parametrize(
    ("name", "count"),
    [("zotero:", 121), ("zotero:my library", 121), ("zotero:Mills", 2), ("zotero:weirs", 2),
     ("zotero:Millers", 1), ("zotero:Millers/Old", 1)],
)  # fmt: skip
def test_zotero_gives_a_library_or_a_collection_by_name(serve, desk, name, count):
    service = serve(Zotero())
    found = papers_of(fetch(name, desk(zotero=f"{service.address}/api")))
    assert len(found) == count
    assert all(one.authors == ("Ann Roe",) and one.date == "2021-06-30" for one in found)


def test_zotero_says_what_it_has_where_a_name_is_none(serve, desk):
    service = serve(Zotero())
    with pytest.raises(UsageError, match="it has Millers, Mills, My Library, Old, Weirs"):
        fetch("zotero:Bees", desk(zotero=f"{service.address}/api"))


def test_zotero_that_does_not_run_or_is_closed_is_told_with_the_next_step(serve, desk):
    service = serve(lambda *_: (403, {}, b"Local API is not enabled"))
    closed = fetch("zotero:", desk(zotero=f"{service.address}/api"))
    service.close()
    away = fetch("zotero:", desk(zotero=f"{service.address}/api"))
    for failure in (closed.failure, away.failure):
        assert "start Zotero" in failure and "Allow other applications" in failure

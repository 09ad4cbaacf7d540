"""Records of the services that speak JSON, each brought to plain fields.

Told apart by fields that only they have; a record of none of them stays as it is.
Sources: https://docs.openalex.org/api-entities/works/work-object, https://api.crossref.org (works),
https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html, https://docs.openreview.net
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rag.papers.aliases import ALIASES, squashed
from rag.papers.readers.made import with_universal_id

Record = dict[str, Any]

_MOST_WORDS = 20_000
"""Words of an inverted index that are put in their places: an abstract has some hundreds."""
_SET_OFF = re.compile(r" ([,.;:?!])(?= |$)")
_HELD = ("paper", "data", "_source", "attributes", "fields", "bibjson", "document", "record")
"""What holds the record proper where a service wraps each."""


def plain_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record under names of `rag.papers.aliases`, whichever service it is from."""
    for is_shape, made in _SHAPES:
        if is_shape(record):
            return made(record)
    return record


def looks_like_paper(record: Any) -> bool:
    """Whether an object has a title or an abstract, or holds one that has."""
    if not isinstance(record, Mapping):
        return False
    if _has(record, "title") or _has(record, "abstract") or "abstract_inverted_index" in record:
        return True
    held = (record.get(name) for name in (*_HELD, "content"))
    return any(isinstance(one, Mapping) and _has(one, "title") for one in held)


def _has(record: Mapping[str, Any], field: str) -> bool:
    names = squashed(record)
    return any(name in names for name in ALIASES[field] if name != "name")


def _below(record: Mapping[str, Any], *path: str) -> Any:
    found: Any = record
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _is_hub(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("paper"), Mapping)


def _hub(record: Mapping[str, Any]) -> Record:
    """Daily papers of the Hugging Face hub: the paper below, what people did with it beside."""
    paper = record["paper"]
    beside = {name: record[name] for name in ("numComments", "title", "summary") if name in record}
    organization = paper.get("organization") or record.get("organization")
    made = {**beside, **paper, "organization": organization}
    if isinstance(number := paper.get("id"), str):
        made["arxiv_id"] = number
    return with_universal_id(made)


def _is_note(record: Mapping[str, Any]) -> bool:
    content = record.get("content")
    return isinstance(content, Mapping) and "title" in content


def _note(record: Mapping[str, Any]) -> Record:
    """A note of OpenReview, in its first form or its second ({"value": ...})."""
    content = {
        name: value["value"] if isinstance(value, Mapping) and "value" in value else value
        for name, value in record["content"].items()
    }
    forum = record.get("forum") or record.get("id")
    address = f"https://openreview.net/forum?id={forum}" if isinstance(forum, str) else None
    dates = {"published": record.get("pdate"), "cdate": record.get("cdate") or record.get("tcdate")}
    return {"paper_id": record.get("id"), "url": address, **dates, **content}


def _is_openalex(record: Mapping[str, Any]) -> bool:
    return "abstract_inverted_index" in record or "authorships" in record


def _openalex(record: Mapping[str, Any]) -> Record:
    """A work of OpenAlex, whose abstract is an index of words to places."""
    landing = _below(record, "primary_location", "landing_page_url")
    made = {
        "title": record.get("title") or record.get("display_name"),
        "abstract": _in_order(record.get("abstract_inverted_index")) or record.get("abstract"),
        "date": record.get("publication_date") or record.get("publication_year"),
        "authors": record.get("authorships"),
        "doi": record.get("doi"),
        "url": landing or record.get("doi"),
        "arxiv_id": landing,
        "venue": _below(record, "primary_location", "source", "display_name"),
        "type": record.get("type"),
        "keywords": record.get("keywords"),
        "retracted": record.get("is_retracted"),
    }
    return {"paper_id": record.get("id"), **with_universal_id(made)}


def _in_order(index: Any) -> str:
    if not isinstance(index, Mapping):
        return ""
    places = [
        (place, str(word))
        for word, found in index.items()
        if isinstance(found, list)
        for place in found
        if isinstance(place, int)
    ]
    text = " ".join(word for _, word in sorted(places[:_MOST_WORDS]))
    return _SET_OFF.sub(r"\1", text)


def _is_semantic_scholar(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("externalIds"), Mapping)


def _semantic_scholar(record: Mapping[str, Any]) -> Record:
    """A paper of Semantic Scholar."""
    ids = squashed(record["externalIds"])
    named = {"doi": ids.get("doi"), "arxiv_id": ids.get("arxiv"), "pmid": ids.get("pubmed")}
    made = with_universal_id({**record, **named})
    made.setdefault("paper_id", record.get("paperId"))
    kinds = record.get("publicationTypes")
    venue = record.get("venue") or _below(record, "journal", "name")
    return {**{key: value for key, value in made.items() if key != "paperId"},
            "type": kinds, "venue": venue}  # fmt: skip


def _is_csl(record: Mapping[str, Any]) -> bool:
    return "issued" in record or "container-title" in record or (
        "DOI" in record and isinstance(record.get("author"), list)
    )  # fmt: skip


def _csl(record: Mapping[str, Any]) -> Record:
    """An item of CSL-JSON or of Crossref: the key of an item means something in its file only."""
    made = {name: value for name, value in record.items() if name not in ("id", "created")}
    for name in ("title", "container-title"):
        if isinstance(value := record.get(name), list):
            made[name] = next((text for text in value if isinstance(text, str)), None)
    made["keywords"] = record.get("keyword") or record.get("subject")
    kinds = [one.get("type") for one in record.get("updated-by") or () if isinstance(one, Mapping)]
    if "retraction" in kinds:
        made["retracted"] = "retraction"
    return with_universal_id(made)


def _is_item(record: Mapping[str, Any]) -> bool:
    return "creators" in record or "abstractNote" in record or isinstance(
        _below(record, "data", "creators"), list
    )  # fmt: skip


def _item(record: Mapping[str, Any]) -> Record:
    """An item of Zotero, from its programming interface or Better BibTeX."""
    held = record.get("data")
    item = held if isinstance(held, Mapping) else record
    ignored = ("id", "key", "itemID", "dateAdded", "dateModified", "accessDate")
    return with_universal_id({key: item[key] for key in item if key not in ignored})


def _is_wrapped(record: Mapping[str, Any]) -> bool:
    return not _has(record, "title") and not _has(record, "abstract") and looks_like_paper(record)


def _wrapped(record: Mapping[str, Any]) -> Mapping[str, Any]:
    held = next(record[name] for name in _HELD if isinstance(record.get(name), Mapping))
    return plain_record(held)


_SHAPES: tuple[
    tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], Mapping[str, Any]]],
    ...,
] = (
    (_is_hub, _hub),
    (_is_note, _note),
    (_is_openalex, _openalex),
    (_is_semantic_scholar, _semantic_scholar),
    (_is_item, _item),
    (_is_csl, _csl),
    (_is_wrapped, _wrapped),
)

"""What the tags of the formats in tagged lines mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Values = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A format in tagged lines.

    `line` has the groups `tag` and `text`; `begins` are the tags of a record's first line, `ends`
    that of its last. `fields` names, for each field, its tags, best first; of `lists` all values
    count, and of `rows` each line is one. `types` says what the codes of a type stand for.
    """

    line: re.Pattern[str]
    begins: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    ends: str = ""
    rows: frozenset[str] = frozenset()
    types: Mapping[str, str] | None = None

    def record(self, values: Values) -> dict[str, Any]:
        """The values of a record under the names of `rag.papers.aliases`."""
        found: dict[str, list[str]] = {}
        for tag, texts in values:
            joined = [text for text in texts if text.strip()]
            if tag not in self.rows:
                joined = [" ".join(joined)] if joined else []
            found.setdefault(tag, []).extend(joined)
        record: dict[str, Any] = {}
        for name, tags in self.fields.items():
            given = [found[tag] for tag in tags if found.get(tag)]
            if not given:
                continue
            if name in _LISTS:
                record[name] = [text for text in given[0] if text.strip()]
            elif name in ("abstract", "summary"):
                record[name] = " ".join(given[0])
            elif name == "doi":
                record[name] = _doi([text for texts in given for text in texts])
            else:
                record[name] = given[0][0]
        groups = found.get(_GROUPS.get(next(iter(self.begins)), ""), [])
        if groups:
            record["authors"] = [*record.get("authors", []), *groups]
        record["keywords"] = [
            part for text in record.get("keywords", []) for part in text.split(";")
        ]
        if self.types and isinstance(type := record.get("type"), list):
            record["type"] = [self.types.get(text.strip().upper(), text) for text in type]
        return record


_LISTS = frozenset({"authors", "keywords", "type"})
_GROUPS = {"PMID": "CN", "PT": "CA"}  # authors that are no persons, by how a record begins


def _doi(texts: Sequence[str]) -> str:
    """The value that is a DOI: MEDLINE says so behind it, "10.1234/ab [doi]"."""
    said = [text for text in texts if text.rstrip().endswith("[doi]")]
    plain = [text for text in texts if not text.rstrip().endswith("]")]
    return (said or plain or [""])[0].replace("[doi]", "").strip()


_RIS_TYPES = {
    "JOUR": "journal article", "CONF": "conference paper", "CPAPER": "conference paper",
    "CHAP": "book chapter", "BOOK": "book", "THES": "thesis", "RPRT": "report", "GEN": "",
    "UNPB": "manuscript", "MGZN": "magazine article", "NEWS": "newspaper article",
    "EJOUR": "journal article", "INPR": "in press", "ELEC": "web page", "DATA": "dataset",
    "ABST": "abstract", "SER": "serial", "PAT": "patent", "COMP": "software", "JFULL": "journal",
    "PREPRINT": "preprint",
}  # fmt: skip
_WOS_TYPES = {
    "J": "journal", "B": "book", "S": "series", "P": "patent", "C": "conference", "R": "preprint",
}  # fmt: skip

RIS = Dialect(
    line=re.compile(r"\s{0,3}(?P<tag>[A-Z][A-Z0-9])\s{1,3}-(?:\s(?P<text>.*)|$)"),
    begins=frozenset({"TY"}),
    ends="ER",
    fields={
        "title": ("TI", "T1", "CT", "BT"),
        "abstract": ("AB",),
        "summary": ("N2",),
        "authors": ("AU", "A1"),
        "date": ("DA",),
        "publicationdate": ("Y1",),
        "publicationyear": ("PY", "YR"),
        "doi": ("DO", "DI", "M3", "L3"),
        "url": ("UR", "LK", "L2"),
        "keywords": ("KW",),
        "venue": ("JF", "JO", "T2", "JA", "J2", "BT"),
        "type": ("TY",),
        "eprint": ("AN",),
        "retraction": ("RI",),
    },
    types=_RIS_TYPES,
)
NBIB = Dialect(
    line=re.compile(r"(?P<tag>[A-Z]{2,4}) {0,2}-(?: (?P<text>.*)|$)"),
    begins=frozenset({"PMID"}),
    fields={
        "title": ("TI", "BTI", "TT"),
        "abstract": ("AB",),
        "summary": ("OAB",),
        "authors": ("FAU", "AU"),
        "date": ("DP",),
        "publicationdate": ("DEP",),
        "pmid": ("PMID",),
        "doi": ("LID", "AID"),
        "keywords": ("OT", "MH"),
        "venue": ("JT", "TA"),
        "type": ("PT",),
        "retraction": ("RIN",),
    },
)
WOS = Dialect(
    line=re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<text>.*)|$)"),
    begins=frozenset({"PT"}),
    ends="ER",
    rows=frozenset({"AU", "AF", "BA", "BF", "CA"}),
    fields={
        "title": ("TI",),
        "abstract": ("AB",),
        "authors": ("AF", "AU", "BF", "BA"),
        "date": ("PD",),
        "publicationyear": ("PY",),
        "doi": ("DI", "D2"),
        "keywords": ("DE", "ID"),
        "venue": ("SO",),
        "type": ("DT", "PT"),
        "pmid": ("PM",),
        "ut": ("UT",),
    },
    types=_WOS_TYPES,
)
ENW = Dialect(
    line=re.compile(r"%(?P<tag>[0-9A-Z@!&^*$#+?(\[<~>|])(?: (?P<text>.*)|$)"),
    begins=frozenset({"0"}),
    rows=frozenset({"K"}),
    fields={
        "title": ("T",),
        "abstract": ("X",),
        "authors": ("A",),
        "date": ("8",),
        "publicationyear": ("D",),
        "doi": ("R",),
        "url": ("U",),
        "keywords": ("K",),
        "venue": ("J", "B"),
        "type": ("0",),
    },
)
DIALECTS: Mapping[str, Dialect] = {"ris": RIS, "nbib": NBIB, "wos": WOS, "enw": ENW}
"""Formats by name."""

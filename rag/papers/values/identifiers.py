"""Identifiers of papers by their form: arXiv numbers and DOIs mean one paper everywhere."""

from __future__ import annotations

import re

LONGEST = 200
"""Characters. A longer text is no identifier, whatever it begins with."""

# What people and programs write where there is no identifier.
_PLACEHOLDERS = frozenset(
    "na nan none null nil nd unknown unavailable notavailable notapplicable missing empty "
    "undefined false true tbd tba todo doi pmid arxiv xxx".split()
)
_NUMBER = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7}"
_ARXIV = re.compile(
    r"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|(?:oai:)?arxiv(?:\.org)?:\s*|"
    rf"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)?({_NUMBER})(v\d{{1,3}})?(?:\.pdf)?"
)
_DOI = re.compile(
    r"(?:doi:?\s*)?(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|info:doi/|doi:?\s*)?(10\.\d{4,9}/\S+)"
)
_PREPRINTS = tuple(
    "10.48550/ 10.1101/ 10.21203/ 10.31234/ 10.31219/ 10.26434/ 10.20944/ 10.36227/ 10.2139/ "
    "10.22541/ 10.51094/ 10.33774/ 10.64898/".split()
)


# A server of preprints gives each version a DOI of its own: 10.21203/rs.3.rs-12345/v2.
_VERSION = re.compile(r"[._/-]v\d{1,3}$")


def arxiv_number(text: str) -> str | None:
    """The number, without its version, in an arXiv id, address or DOI; None if it is none of them.

    The whole text must be one: a number that merely stands in an address is not its paper's.
    """
    found = _ARXIV.fullmatch(_small(text))
    return found[1] if found else None


def arxiv_id_of(text: str) -> str | None:
    """The number in an arXiv id, address or DOI, with its version where there is one."""
    found = _ARXIV.fullmatch(_small(text))
    return found[1] + (found[2] or "") if found else None


def arxiv_version(text: str) -> int:
    """The version that an arXiv id or address names; 0 where it names none."""
    found = _ARXIV.fullmatch(_small(text))
    return int(found[2][1:]) if found and found[2] else 0


def arxiv_url(text: str) -> str | None:
    """Where arXiv shows the paper of an id (in its version, if it names one)."""
    found = _ARXIV.fullmatch(_small(text))
    return f"https://arxiv.org/abs/{found[1]}{found[2] or ''}" if found else None


def doi_of(text: str) -> str | None:
    """The DOI in small letters, from "10.1234/ab", "doi:10.1234/ab" or its address; else None."""
    found = _DOI.fullmatch(_small(text))
    return found[1].rstrip(".,;") if found else None


def unversioned(doi: str) -> str:
    """A DOI as it names a paper: that of a preprint without its version, as arXiv's numbers."""
    return _VERSION.sub("", doi) if is_preprint_doi(doi) else doi


def is_preprint_doi(doi: str) -> bool:
    """Whether a server of preprints gave the DOI: a journal gives the same paper another."""
    return doi.startswith(_PREPRINTS)


def is_identifier(text: str) -> bool:
    """Whether a text could name a paper at all; "N/A", "-", "nan" and "?" stand for no name."""
    bare = re.sub(r"[\W_]+", "", text.casefold()) if len(text) <= LONGEST else ""
    return bool(bare) and bare not in _PLACEHOLDERS


def id_key(paper_id: str) -> str:
    """An id without what does not tell papers apart: "arXiv:2412.18608v2" is "2412.18608"."""
    return arxiv_number(paper_id) or unversioned(doi_of(paper_id) or paper_id.strip())


def _small(text: str) -> str:
    return text.strip().casefold() if len(text) <= LONGEST else ""

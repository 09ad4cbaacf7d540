"""Names that sources give the fields of a paper, and how a record is brought under them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

ALIASES: Mapping[str, tuple[str, ...]] = {
    "paper_id": (
        "paperid", "id", "docid", "arxivid", "arxiv", "corduid", "corpusid", "pmid", "doi",
        "pubmedid", "pmcid", "lensid", "publicationid", "accessionnumber", "eid", "utuniquewosid",
        "ut",
    ),
    "title": (
        "title", "papertitle", "articletitle", "documenttitle", "titles", "displayname", "dctitle",
        "itemtitle", "primarytitle", "titel", "titre", "titulo", "titolo",
    ),
    "abstract": (
        "abstract", "text", "summary", "paperabstract", "abstracttext", "abstractnote",
        "abstractnotes", "abstracts", "articleabstract", "abstractenglish", "abstracttextenglish",
        "dcdescription", "description", "zusammenfassung", "kurzfassung", "resume", "resumen",
        "resumo", "riassunto", "sommario",
    ),
    "date": (
        "date", "published", "publishedat", "publicationdate", "datepublished", "publisheddate",
        "issued", "firstpublicationdate", "coverdate", "prismcoverdate", "publishtime",
        "publishedonline", "publishedprint", "created", "updatedate", "publicationyear", "pubyear",
        "yearpublished", "yearofpublication", "year", "pubdate", "issuedate", "onlinedate", "datum",
        "jahr", "annee", "ano", "anno", "fecha", "cdate",
    ),
    "authors": (
        "authorfullnames", "authorsfullnames", "fullauthornames", "authors", "author",
        "authornames", "authorname", "authorslist", "authorlist", "authorstring", "authorsstring",
        "creators", "creator", "dccreator", "bookauthors", "groupauthors", "autoren", "autor",
        "auteurs", "auteur", "autores", "autori",
    ),
    "author_count": ("authorcount", "nauthors", "numauthors", "authorscount"),
    "organization": ("organization", "organisation", "org"),
    "comments": ("comments", "numcomments", "commentcount"),
    "upvotes": ("upvotes", "votes"),
    "url": (
        "url", "link", "urls", "doilink", "dimensionsurl", "sourceurls", "externalurl", "pdflink",
        "articleurl", "paperurl", "landingpageurl", "adsurl",
    ),
    "doi": ("doi", "digitalobjectidentifier", "doilink", "prismdoi", "bookdoi"),
    "arxiv_id": ("arxivid", "arxiv", "eprint"),
    "venue": (
        "venue", "journal", "journaltitle", "journalname", "journalbook", "containertitle",
        "sourcetitle", "publicationtitle", "publicationname", "prismpublicationname", "booktitle",
        "conferencename", "conferencetitle", "conference", "sourcename", "zeitschrift", "revue",
    ),
    "type": (
        "type", "documenttype", "itemtype", "publicationtype", "publicationtypes", "articletype",
        "entrytype", "subtypedescription", "pubtype",
    ),
    "keywords": (
        "keywords", "authorkeywords", "keyword", "tags", "manualtags", "categories", "topics",
        "schlagworter", "motscles",
    ),
    "code_url": (
        "codeurl", "githubrepo", "code", "codelink", "github", "githuburl", "githublink",
        "repourl", "repository", "repositoryurl", "coderepository",
    ),
    "retracted": ("retracted", "isretracted", "retraction", "retractionnote"),
}  # fmt: skip
"""Names of each field, best first, as `squashed` writes them: small letters and digits only."""

# Columns of the Web of Science's tables and lines, which are two letters.
WOS: Mapping[str, str] = {
    "pt": "publicationtype", "au": "authors", "af": "authorfullnames", "ca": "groupauthors",
    "ti": "title", "so": "sourcetitle", "dt": "documenttype", "de": "keywords", "ab": "abstract",
    "py": "publicationyear", "pd": "issuedate", "di": "doi", "d2": "bookdoi", "ut": "ut",
    "pm": "pmid", "ea": "earlyaccess", "id": "keywordsplus",
}  # fmt: skip

_NOT_NAME = re.compile(r"[^a-z0-9]+")


def squashed(record: Mapping[Any, Any]) -> dict[str, Any]:
    """The record under plain names: "Paper ID", "paperId" and "paper_id" are all "paperid"."""
    plain: dict[str, Any] = {}
    for name, value in record.items():
        plain.setdefault(_squash(str(name)), value)
    if {"ti", "ab"} <= plain.keys() and "title" not in plain:
        return {WOS.get(name, name): value for name, value in plain.items()}
    return plain


def fields_named(names: Mapping[str, Any]) -> set[str]:
    """The fields of a paper that squashed names stand for."""
    return {field for field, aliases in ALIASES.items() if any(a in names for a in aliases)}


def _squash(name: str) -> str:
    if not name.isascii():  # "Résumé", "Schlagwörter"
        name = unicodedata.normalize("NFKD", name)
        name = "".join(sign for sign in name if not unicodedata.combining(sign))
    return _NOT_NAME.sub("", name.casefold())

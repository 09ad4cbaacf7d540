"""Words of a sentence as they are compared: stems, names, acronyms and what they stand for.

Standard library and PyStemmer; pure functions. A text is read once and kept (`reading` is cached):
the sentences of an abstract are compared with many written ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import Stemmer

MAX_CHARACTERS = 20_000
"""A longer text is cut: no sentence of an abstract comes near it, and reading it stays linear."""
KEPT = 2048
"""Readings kept. An answer compares some tens of sentences with a few abstracts."""

# A chunk is what stands between spaces, without the punctuation around it: "GPT-4o", "D3D-PT's".
_CHUNK = re.compile(r"[^\W_](?:[\w.+'\u2019/-]*[\w+])?")
_PART = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_PIECES = re.compile(r"[-/]")
_NAME_PIECES = re.compile(r"[-/](?!\d+(?:\.\d+)?(?:[-/]|$))")  # "GPT-4" is one, "Qwen-2-VL" two
_NOT_IN_KEY = re.compile(r"[\W_]+")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_LATEX = re.compile(r"\\(?:text\w*|emph|math\w*|mbox)\s*\{|[{}$~]|\\(?=[%&#_])")
_TIMES = re.compile(r"(?<=\d)\s?(?:\\times|times|\u00d7)\s?(?=\d)")  # "8times7B", "512 \times 512"
_MEASURE = re.compile(r"\d[\d.,]*(?:x\d+)*[A-Za-z%]{0,2}(?:-[a-z]+)*")
_DIMENSIONS = re.compile(r"\dD(?:-.*)?")  # "3D" is said of things as a name is
_INNER_CAPITAL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}")
_LETTER_AND_DIGIT = re.compile(r"[^\W\d_].*\d|\d.*[^\W\d_]")
_CAPITAL_PIECE = re.compile(r"(?:^|-)[A-Z]")
# What is joined to a name and no part of it: "LoRA-tuned", "GPT-4-processed", "non-English".
_JOINED_AFTER = re.compile(
    r"(?<=\w)-(?:[a-z]{2,}ed|made|written|built|driven|free|level|only|aware|style|like|centric"
    r"|specific|generation|wise)$"
)
_JOINED_BEFORE = re.compile(r"^(?:non|pre|post|anti|multi|cross)-")
_OPENING = re.compile(r"[.!?:;(\"\u201c]\s*$")
_DEFINITION = re.compile(r"\(\s*(?:i\.e\.,?\s*)?([A-Za-z][A-Za-z0-9-]{1,11})\s*[),;]")

# Closed classes of English: articles, pronouns, prepositions, auxiliaries, conjunctions. Words of
# negation, quantity and comparison are among them: the polarity and quantity checks read those. The
# last line names who speaks ("the authors propose" for "we propose").
_FUNCTION_WORDS = """
a an the this that these those it its itself they their them themselves he she his her him we our us
ours you your i me my one ones who whom whose which what where when how why there here such so as
of in on at by for from to into onto with within without over under above below between among across
through throughout during before after since until till against about around near off out up down
via per toward towards upon along alongside besides beyond behind beside despite
and or but nor yet while whereas although though because if unless than then thus hence also too
both either neither each every all any some no not none only just even still already more most less
least fewer few many much several other others another same own very quite rather instead
be is are was were been being am do does did done doing have has had having will would shall should
can could may might must cannot ll ve re s t d m
up to e g i.e etc et al vs versus once again further however therefore moreover
author authors paper
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """One word at `text[start:end]`: `stem` is what is compared, `chunk` what it is a part of."""

    lower: str
    stem: str
    chunk: int
    start: int
    end: int
    content: bool


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A name or term that paraphrase keeps: it has a capital, or letters with digits, in it.

    `key` is compared: lower case, without hyphens, spaces and a plural s. `words` are the indices
    of its words in the reading. `certain` is false where the capital may only open a sentence.
    """

    text: str
    key: str
    words: tuple[int, ...]
    certain: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text, read: `text` is it without LaTeX markup; every position below counts in it.

    `joined`: stems of two words run on; `keys`: what a name may be found as; `initials`: one
    letter a word; `definitions`: acronym keys with the stems of the words they stand for.
    Two readings are equal when they are the same object, so that they are cheap keys of caches.
    """

    text: str
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    stems: frozenset[str]
    joined: frozenset[str]
    keys: frozenset[str]
    initials: str
    acronyms: frozenset[str]
    definitions: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def stems_of(words: list[str]) -> list[str]:
    """The Snowball stems of lower-case words."""
    return list(_stemmer().stemWords(words))


@lru_cache(maxsize=KEPT)
def reading(text: str) -> Reading:
    """Reads a text of one or more sentences: words, stems, names, acronyms, definitions."""
    plain = _LATEX.sub(" ", _TIMES.sub("x", _without_accents(text[:MAX_CHARACTERS])))
    chunks = [(match.start(), match.group()) for match in _CHUNK.finditer(plain)]
    words = _words(chunks)
    names = tuple(_names(plain, chunks, words))
    lower = [word.lower for word in words]
    return Reading(
        text=plain,
        words=words,
        names=names,
        stems=frozenset(word.stem for word in words),
        joined=frozenset(stems_of([one + other for one, other in pairwise(lower)])),
        keys=_keys([chunk for _, chunk in chunks]),
        initials="".join(word[0] for word in lower),
        acronyms=frozenset(name.key for name in names if _is_acronym(name.text)),
        definitions=dict(_definitions(plain, words)),
    )


@lru_cache(maxsize=16 * KEPT)
def name_key(text: str) -> str:
    """What names are compared by: "GPT-4o" and "gpt 4o", "LLMs" and "LLM" are the same."""
    key = _NOT_IN_KEY.sub("", _POSSESSIVE.sub("", text).lower())
    return key[:-1] if len(key) > 3 and key.endswith("s") and not key.endswith("ss") else key


def holds_name(text: Reading, name: Name) -> bool:
    """Whether the text has the name: whole, in pieces ("InternVL3", "78B"), or inside another."""
    if name.key in text.keys or name.key in text.definitions:
        return True
    if len(name.key) >= 5 and any(name.key in key for key in text.keys):
        return True
    if any(_is_longer_form(key, name.key) for key in text.keys):
        return True
    pieces = [name_key(piece) for piece in _NAME_PIECES.split(name.text) if piece]
    return len(pieces) > 1 and all(piece in text.keys for piece in pieces)


def _is_longer_form(key: str, name: str) -> bool:
    """Whether one word is another's adjective ("Zipf", "Zipfian") or kind ("LLM", "MLLM")."""
    if len(name) >= 4 and key.startswith(name):
        return True
    return len(name) == 3 and key.endswith(name) and len(key) <= len(name) + 2


def expansion(acronym: str, text: Reading) -> tuple[int, ...]:
    """The words of `text` whose initials spell the acronym, as indices; empty when none do.

    Two letters meet by chance: they must be those of two content words next to each other.
    """
    if len(acronym) < 2 or not acronym.isalpha():
        return ()
    at = text.initials.find(acronym)
    while at >= 0:
        spelling = range(at, at + len(acronym))
        if len(acronym) > 2 or all(text.words[one].content for one in spelling):
            return tuple(spelling)
        at = text.initials.find(acronym, at + 1)
    return ()


def _without_accents(text: str) -> str:
    """The text with "u" for "ù": a name is often written without its accents."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def _words(chunks: list[tuple[int, str]]) -> tuple[Word, ...]:
    parts = [
        (index, start + part.start(), part.group())
        for index, (start, chunk) in enumerate(chunks)
        for part in _PART.finditer(_POSSESSIVE.sub("", chunk))
    ]
    lower = [part.lower() for _, _, part in parts]
    return tuple(
        Word(
            word,
            stem,
            index,
            start,
            start + len(part),
            content=word not in FUNCTION_WORDS and not word[0].isdigit(),
        )
        for word, stem, (index, start, part) in zip(lower, stems_of(lower), parts, strict=True)
    )


def _is_acronym(text: str) -> bool:
    letters = text.rstrip("s")
    return 2 <= len(letters) <= 6 and sum(letter.isupper() for letter in letters) >= 2


def _names(text: str, chunks: list[tuple[int, str]], words: tuple[Word, ...]) -> list[Name]:
    members: dict[int, list[int]] = {}
    for position, word in enumerate(words):
        members.setdefault(word.chunk, []).append(position)
    found = []
    for index, (start, chunk) in enumerate(chunks):
        whole = _POSSESSIVE.sub("", chunk)
        bare = _JOINED_BEFORE.sub("", _JOINED_AFTER.sub("", whole))
        coined = _is_coined(bare)
        if not (coined or _CAPITAL_PIECE.search(bare)) or _is_measure(bare) or index not in members:
            continue
        opening = start == 0 or _OPENING.search(text[max(0, start - 4) : start]) is not None
        if bare == "I" or (opening and not coined and bare.lower() in FUNCTION_WORDS):
            continue
        start += whole.find(bare)
        inside = tuple(at for at in members[index] if start <= words[at].start < start + len(bare))
        if inside:
            found.append(Name(bare, name_key(bare), inside, coined or not opening))
    return found


def _is_measure(chunk: str) -> bool:
    """Whether letters and digits make a measure ("720p", "35K", "2-shot") and no name."""
    return bool(_MEASURE.fullmatch(chunk)) and not _DIMENSIONS.fullmatch(chunk)


def _is_coined(chunk: str) -> bool:
    return bool(_INNER_CAPITAL.search(chunk) or _LETTER_AND_DIGIT.search(chunk))


def _keys(chunks: list[str]) -> frozenset[str]:
    """What a name may be found as: each chunk, its hyphenated pieces, and two chunks run on."""
    keys = {name_key(chunk) for chunk in chunks}
    keys.update(name_key(piece) for chunk in chunks for piece in _PIECES.split(chunk) if piece)
    keys.update(name_key(one + other) for one, other in pairwise(chunks))
    return frozenset(keys)


def _definitions(text: str, words: tuple[Word, ...]) -> list[tuple[str, frozenset[str]]]:
    """Acronyms with the words they stand for: "low-rank adaptation (LoRA)" gives lora, {...}."""
    found = []
    for match in _DEFINITION.finditer(text):
        short = match.group(1)
        if not _is_acronym(short.replace("-", "")) and not _INNER_CAPITAL.search(short):
            continue
        before = [word for word in words if word.start < match.start()][-(len(short) + 3) :]
        first = short[0].lower()
        at = next((i for i, word in enumerate(before) if word.lower[0] == first), None)
        if at is not None:
            stands_for = frozenset(word.stem for word in before[at:] if word.content)
            found.append((name_key(short), stands_for))
    return found

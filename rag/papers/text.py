"""How text of any format is brought to one form before it is stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")  # what `str.split` leaves
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    r"""One line: runs of white space become one space, control characters go.

    Quotes are exact characters of the stored abstract, so every format stores the same form.
    Half characters (lone surrogates, as in JSON's "\ud800") become U+FFFD: nothing could
    write them out again.
    """
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    return " ".join(text.split())


def paper_key(title: str) -> str:
    """A title reduced to what makes it the same title: letters and digits, case folded.

    "" for a title without any. Accents, punctuation, TeX dollars and width do not count.
    """
    spread = unicodedata.normalize("NFKD", title)
    bare = "".join(character for character in spread if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare.casefold()).strip()


def title_id(title: str) -> str:
    """The id of a paper whose source gives none: stable over machines, files and spellings."""
    digest = hashlib.blake2b(paper_key(title).encode("utf-8", "replace"), digest_size=6)
    return "t" + digest.hexdigest()

"""How text of any format is brought to one form before it is stored."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from rag.language.sane import sane

_NOT_WORD = re.compile(r"[\W_]+")


def clean(text: str) -> str:
    """One line of `sane` text: runs of white space become one space, control characters go.

    Quotes are exact characters of the stored abstract, so every format stores the same form.
    """
    return " ".join(sane(text).split())


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

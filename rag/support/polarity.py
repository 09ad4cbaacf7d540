"""Which words of a sentence are denied, and which side of a pair of opposites it takes.

"not", "without", "fails to", "-free": denial. "increases" / "reduces", "before" / "after",
"encoder" / "decoder": opposites; a denied word stands on the other side. Rules over one reading;
nothing here compares two sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.language.text import KEPT, Reading, stems_of
from rag.package_data import DATA

DENIAL_REACH = 3
"""Content words. What a denied verb covers to its right, unless the clause ends before; a denied
noun ("no", "without") covers one less."""

# Words that deny what follows. Those of the second list exclude or belittle something: they can
# excuse a denial in a paraphrase ("only X" for "nothing but X"), they don't make one.
_DENIAL_WORDS = """
not no never without cannot neither nor none nothing nowhere hardly barely scarcely lack lacks
lacked lacking unable absent absence devoid ignore ignores ignored ignoring avoid avoids avoided
avoiding refuse refuses eliminate eliminates eliminated eliminating omit omits omitted neglect
neglects neglected prevent prevents prevented preventing impossible
"""
_SOFT_DENIAL_WORDS = """
only solely merely mere just exclusively limited limit limits limiting limitation struggle
struggles struggling rather instead unlike free less fewer little few below under despite remove
removes removed removing removal drop drops dropped discard discards skip skips skipping bypass
bypasses bypassing reduce reduces reduced reducing minimal minor difficult difficulty challenging
challenge insufficient inadequate inadequately overlook overlooked overlooks suffer suffers miss
missing misses scarce scarcity underexplored unexplored unknown rarely seldom short behind beyond
replace replaces replacing replaced alone except zero agnostic obviate obviates away unlimited
unseen unlabeled unsupervised independent independently stop stops suppress suppresses mitigate
mitigates inability ineffective unclear poor poorly deprived circumvent circumvents circumventing
break breaks exclude excludes excluded yet until still open collapse far
"""
_DENYING = frozenset(_DENIAL_WORDS.split())
_SOFTLY_DENYING = frozenset((*_SOFT_DENIAL_WORDS.split(), "fail", "fails", "failed", "failure"))
_ANSWER = re.compile(r"(?:no|not)\s?[,:;.-]", re.IGNORECASE)  # "No, it needs none."
# "un-" and "non-" deny, "under" and "union" don't; "in-" denies in adjectives, not in "include".
_NO_PREFIX = ("under", "unti", "uni", "unde")
_ADJECTIVE_ENDS = ("able", "ible", "ent", "ant")
_CONTRACTION = re.compile(r"n['\u2019]t\b")
# "removes the need for X" denies X; "without loss" excuses no denial.
_NO_NEED = re.compile(
    r"\b(?:remov|eliminat|obviat|avoid|dispens|bypass|reduc)\w*\s(?:with\s)?(?:the\s)?"
    r"(?:need|requirement|necessity)(?:s)?\s(?:for|of|to)\b",
    re.IGNORECASE,
)
_HARM_STEMS = """
loss lose degrad drop harm hurt sacrif sacrific compromis cost damag decreas reduct deterior impair
"""
_HARMS = frozenset(_HARM_STEMS.split())
_SUFFIX = re.compile(r"[A-Za-z]+-(?:free|less)\b")
_GOES_ON = frozenset(("from", "of", "by", "or"))  # "without supervision from GPT-4 or others"
_CLAUSE_END = re.compile(
    r"[,;:.()\u2013\u2014]|\b(?:but|while|whereas|although|though|yet|because|and|which|who)\b"
)
# The denials inside these say nothing of what follows.
_IDIOM = re.compile(
    r"\b(?:not (?:only|just|merely|simply|limited to)|whether or not|no matter|no less"
    r"|nothing but|no (?:more|higher|lower|fewer|longer|better|worse) than|none other"
    r"|no more|not to mention|last but not least|if not)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A denying word and the indices of the words that it covers."""

    at: int
    covers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pole:
    """A word that has an opposite: `group` is the pair it belongs to, `side` is +1 or -1."""

    at: int
    group: int
    side: int


@lru_cache(maxsize=1)
def opposites() -> dict[str, tuple[tuple[int, int], ...]]:
    """Stem -> the (group, side) pairs it belongs to, from `rag/data/opposites.txt`."""
    written = (DATA / "opposites.txt").read_text(encoding="utf-8")
    lines = [line for line in written.splitlines() if line and not line.startswith("#")]
    table: dict[str, tuple[tuple[int, int], ...]] = {}
    for group, line in enumerate(lines):
        for side, words in zip((1, -1), line.split("|"), strict=True):
            for stem in sorted(set(stems_of(words.split()))):
                table[stem] = (*table.get(stem, ()), (group, side))
    return table


@lru_cache(maxsize=KEPT)
def denials(text: Reading) -> tuple[Denial, ...]:
    """The denials of a text, in reading order."""
    idle = [(0, 4)] if _ANSWER.match(text.text) else []
    idle += [match.span() for match in _IDIOM.finditer(text.text)]
    needless = {match.start(): match.end() for match in _NO_NEED.finditer(text.text)}
    suffixed = {match.start() for match in _SUFFIX.finditer(text.text)}
    found = []
    for at, word in enumerate(text.words):
        if word.start in needless:
            after = [i for i, other in enumerate(text.words) if other.start >= needless[word.start]]
            found.append(Denial(at, tuple(after[: DENIAL_REACH - 1])))
        elif word.start in suffixed:
            found.append(Denial(at, (at,)))
        elif any(start <= word.start < end for start, end in idle):
            continue
        elif word.lower in _DENYING or _contracted(text, at) or _fails_to(text, at):
            found.append(Denial(at, _covered(text, at)))
    return tuple(found)


@lru_cache(maxsize=KEPT)
def denied_words(text: Reading) -> frozenset[int]:
    """The indices of the words under a denial; under two, they are affirmed again."""
    counts: dict[int, int] = {}
    for denial in denials(text):
        for at in denial.covers:
            counts[at] = counts.get(at, 0) + 1
    return frozenset(at for at, count in counts.items() if count % 2)


def harmless(text: Reading, at: int) -> bool:
    """Whether what is denied at `at` is a harm: "without loss" says that all is as it was."""
    return any(word.stem in _HARMS for word in text.words[at + 1 : at + 4])


@lru_cache(maxsize=KEPT)
def excusing_words(text: Reading) -> frozenset[int]:
    """The indices of words that deny, exclude or belittle: a paraphrase may say so with "not"."""
    return frozenset(
        at
        for at, word in enumerate(text.words)
        if (word.lower in _DENYING and not harmless(text, at))
        or word.lower in _SOFTLY_DENYING
        or (word.lower.startswith(("un", "non")) and not word.lower.startswith(_NO_PREFIX))
        or (word.lower.startswith(("in", "im", "dis")) and word.lower.endswith(_ADJECTIVE_ENDS))
    )


@lru_cache(maxsize=KEPT)
def poles(text: Reading) -> tuple[Pole, ...]:
    """All words of the text that have an opposite; denied ones stand on the other side."""
    table, denied = opposites(), denied_words(text)
    return tuple(
        Pole(at, group, -side if at in denied else side)
        for at, word in enumerate(text.words)
        for group, side in table.get(word.stem, ())
    )


def _contracted(text: Reading, at: int) -> bool:
    word = text.words[at]
    return bool(_CONTRACTION.match(text.text, word.end - 1))


def _fails_to(text: Reading, at: int) -> bool:
    """Failing to do is not doing; a tool that fails, or a failed try, denies nothing."""
    following = text.words[at + 1 : at + 2]
    return text.words[at].stem == "fail" and bool(following) and following[0].lower == "to"


def _covered(text: Reading, at: int) -> tuple[int, ...]:
    covered: list[int] = []
    longer = text.words[at].lower in ("no", "without")
    reach = DENIAL_REACH - longer
    previous = text.words[at]
    for position in range(at + 1, len(text.words)):
        word = text.words[position]
        between = text.text[previous.end : word.end]
        if covered and _CLAUSE_END.search(between):
            break
        if word.content:
            reach -= 1
        covered.append(position)
        previous = word
        if reach == 0:
            if not longer or _lower(text, position + 1) not in _GOES_ON:
                break
            reach, longer = DENIAL_REACH - 1, False
    return tuple(covered)


def _lower(text: Reading, at: int) -> str:
    return text.words[at].lower if at < len(text.words) else ""

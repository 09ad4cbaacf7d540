"""The part of a sentence worth showing: cut at its joints, never changed."""

from __future__ import annotations

import re

from rag.language.words import Worth, coverage, stems

# What abstracts put before the statement proper: connectives, and announcing clauses.
_LEAD = re.compile(
    r"^(?:(?:however|moreover|furthermore|additionally|in addition|finally|specifically|notably|"
    r"importantly|interestingly|surprisingly|remarkably|empirically|overall|in particular|"
    r"in this (?:paper|work|study)|in summary|to this end|to address (?:this|these)[^,]{0,60}|"
    r"therefore|thus|hence|consequently|as a result|for example|for instance|first(?:ly)?|"
    r"second(?:ly)?|third(?:ly)?|lastly|then|additionally|besides|meanwhile|crucially|concretely|"
    r"based on (?:this|these)[^,]{0,60}|motivated by (?:this|these)[^,]{0,40}),\s+|"
    r"(?:(?:extensive |our |the |comprehensive |empirical )*(?:experiments?|experimental results|"
    r"results|evaluations?|findings)(?: on [^,]{0,60}?)? (?:show|demonstrate|indicate|reveal|"
    r"suggest|confirm)(?:s)? that\s+))+",
    re.IGNORECASE,
)
# Where a sentence can end early and still be a sentence.
_JOINT = re.compile(
    r";\s|,\s(?:which|while|whereas|where|with|and thus|thus|thereby|making|"
    r"achieving|enabling|allowing|including|such as|and we|but)\b|\s[\u2014\u2013]\s|:\s"
)


def lead_end(sentence: str) -> int:
    """Where the statement proper begins, after what announces it."""
    lead = _LEAD.match(sentence)
    return lead.end() if lead else 0


def shown_part(sentence: str, *, wanted: frozenset[str], worth: Worth, most_words: int) -> str:
    """The stretch of a sentence to show: without its lead-in, and cut at a joint where it is long.

    Args:
        sentence: a whole sentence of an abstract.
        wanted: stems that the question asks for.
        worth: inverse document frequencies.
        most_words: a longer sentence is cut, to the stretch that holds most of what is wanted.

    Returns:
        A contiguous part of `sentence`; all of it where there is no joint to cut at.
    """
    lead = _LEAD.match(sentence)
    body = sentence[lead.end() :] if lead and len(sentence) - lead.end() > 20 else sentence
    if len(body.split()) <= most_words:
        return body
    cuts = [0, *(match.start() for match in _JOINT.finditer(body)), len(body)]
    parts = [
        body[start:end].strip(" ,;:\u2014\u2013")
        for i, start in enumerate(cuts)
        for end in cuts[i + 1 :]
    ]
    fitting = [part for part in parts if 4 <= len(part.split()) <= most_words]
    if not fitting:
        return body
    return max(
        fitting,
        key=lambda part: (
            round(coverage(wanted, set(stems(part)), worth), 6),
            body.startswith(part),
            len(part),
        ),
    )


def ended(text: str) -> str:
    """A sentence with a stop, unless it ends with one or with a quotation that has one."""
    return text if text.rstrip('"')[-1:] in tuple(".?!") else f"{text}."


def shortened(text: str, *, most: int = 160) -> str:
    """A text of so many characters at the most, dots for what is left out."""
    return text if len(text) <= most else text[: most - 3].rstrip() + "..."

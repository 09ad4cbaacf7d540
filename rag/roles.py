"""What a sentence does in an abstract: propose, or report what was found. Floor 1.

By the verbs and nouns with which abstracts announce these moves (Swales 1990, "Genre Analysis").
"""

from __future__ import annotations

import re

_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|report)|the (?:paper|authors))\b[^.;]{0,60}?\b"
    r"(?:propos|introduc|present|develop|design|devis|build|built|creat|construct|releas|contribut|formulat|"
    r"offer)\w*|\b(?:is|are) (?:proposed|introduced|presented|developed)\b|"
    r"\b(?:is|are) (?:a|an) (?:new|novel)\b",
    re.IGNORECASE,
)
_STUDIES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|the (?:paper|authors))\b[^.;]{0,60}?\b(?:describ|"
    r"explor|study|studies|investigat|examin|argu|address|analy[sz]|collect|establish|revisit|aim|"
    r"show how|ask|evaluat|compar|measur)\w*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:previous|prior|recent|earlier|existing|past) (?:work|works|study|studies|approach\w*|"
    r"method\w*|research)\b|^recently\b",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:results?|experiments?|evaluations?|findings?|empirically|analysis|experimental)\b"
    r"[^.;]{0,80}?\b(?:show|demonstrat|indicat|reveal|suggest|confirm|prov|find|found|validat)\w*|"
    r"\bwe (?:find|found|observe|show|demonstrate|prove|discover|achieve)\w*|"
    r"\b(?:outperform|surpass|exceed|achiev|attain|improv|reduc|reach)\w*\b[^.]*\d|"
    r"\bstate-of-the-art (?:results?|performance)\b|\boutperforms?\b|\bsurpass\w*\b",
    re.IGNORECASE,
)


def proposes(sentence: str) -> bool:
    """Whether the sentence says what the paper puts forward, and not what others did before."""
    return _PROPOSES.search(sentence) is not None and not _OTHERS.search(sentence)


def studies(sentence: str) -> bool:
    """Whether the sentence says what the paper looks at."""
    return _STUDIES.search(sentence) is not None and not _OTHERS.search(sentence)


def finds(sentence: str) -> bool:
    """Whether the sentence reports a result."""
    return _FINDS.search(sentence) is not None

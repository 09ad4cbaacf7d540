"""What a sentence does in an abstract: propose, or report what was found. Floor 1.

By the verbs and nouns with which abstracts announce these moves (Swales 1990, "Genre Analysis").
"""

from __future__ import annotations

import re

_PROPOSES = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|authors?|the paper)\b[^.;]{0,60}?\b(?:propose|"
    r"introduc|present|develop|design|describ|devis|build|built|creat|construct|release|offer|"
    r"formulat|explor|stud(?:y|ies)|investigat|examin|argu|show how|address|provid|analy[sz]e|"
    r"collect|establish|revisit)\w*|\bis (?:a|an) (?:new|novel)\b|\b(?:proposed|introduced) here\b",
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
    """Whether the sentence says what the paper puts forward."""
    return _PROPOSES.search(sentence) is not None


def finds(sentence: str) -> bool:
    """Whether the sentence reports a result."""
    return _FINDS.search(sentence) is not None

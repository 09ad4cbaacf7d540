"""What programs and people write where there is nothing: "nan", "[No abstract available]"."""

from __future__ import annotations

import re

_BARE = re.compile(r"[\W_]+")
_NOTHING = frozenset(
    "na nan none null nil nd tba tbd missing empty undefined unknown unavailable notavailable "
    "notapplicable notprovided notfound noabstract abstract abstrct".split()
)
_EXCUSE = re.compile(
    r"(?:(?:sorry|there is|there was|this (?:article|paper|record|item|entry) has|has)\W+)?"
    r"(?:no|without(?: an)?) (?:abstract|summary)(?: text)?(?: (?:is|was|are))?"
    r"(?: (?:currently |yet )?(?:available|provided|supplied|given|found|present|recorded|listed))?"
    r"(?: (?:for|in|by|from|here|at|with|yet|on)\b.{0,50})?"
    r"|(?:the |an? )?(?:abstract|summary)(?: text)?(?: (?:is|was|has been))?"
    r" (?:not|un)[ -]?(?:yet |currently )?(?:available|provided|supplied|given|found|present)"
    r"(?: (?:for|in|by|from|here|at|yet|on)\b.{0,50})?"
    r"|(?:data |information )?not (?:available|applicable|provided|specified|known)",
    re.IGNORECASE,
)
_LONGEST = 120
"""Characters. A longer text says something."""


def is_absent(text: str) -> bool:
    """Whether a text stands where there is none; "" does, too."""
    if len(text) > _LONGEST:
        return False
    bare = _BARE.sub(" ", text.casefold()).strip()
    return not bare or bare.replace(" ", "") in _NOTHING or _EXCUSE.fullmatch(bare) is not None

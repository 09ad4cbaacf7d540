"""The nouns: frozen, slotted, validated when made, never mutated.

    Paper -> Passage -> Hit -> Evidence -> Answer(Claim(Citation))

Standard library only: every other module of the project may import this one.
"""

from rag.types.answers import (
    KINDS,
    OUTCOMES,
    RECORD_KINDS,
    VERDICTS,
    Answer,
    AnyCitation,
    Citation,
    Claim,
    Kind,
    Nearest,
    Outcome,
    RecordCitation,
    Screened,
    Source,
    Suggestion,
    Trace,
    Turn,
    Verdict,
)
from rag.types.events import Done, Event, Found, Understood, Written
from rag.types.filters import Filters, Order
from rag.types.papers import Evidence, Hit, Paper, Passage, recorded

__all__ = [
    "KINDS",
    "OUTCOMES",
    "RECORD_KINDS",
    "VERDICTS",
    "Answer",
    "AnyCitation",
    "Citation",
    "Claim",
    "Done",
    "Event",
    "Evidence",
    "Filters",
    "Found",
    "Hit",
    "Kind",
    "Nearest",
    "Order",
    "Outcome",
    "Paper",
    "Passage",
    "RecordCitation",
    "Screened",
    "Source",
    "Suggestion",
    "Trace",
    "Turn",
    "Understood",
    "Verdict",
    "Written",
    "recorded",
]

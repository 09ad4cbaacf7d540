"""Papers of far-away fields, made by rule: what an index holds besides what is asked about."""

from __future__ import annotations

import random

from rag.types import Paper

_FIELDS = (
    ("soil moisture", "vineyards", "growers"),
    ("roof tiles", "mountain villages", "masons"),
    ("bird migration", "coastal wetlands", "wardens"),
    ("bridge bearings", "freight lines", "inspectors"),
    ("medieval tax rolls", "market towns", "archivists"),
    ("glaze chemistry", "porcelain workshops", "potters"),
    ("river sediment", "alpine valleys", "hydrologists"),
    ("bee colonies", "orchards", "keepers"),
    ("violin varnish", "restoration studios", "luthiers"),
    ("lighthouse optics", "northern harbours", "keepers of the lights"),
    ("cheese rinds", "cellars", "affineurs"),
    ("snow load", "timber halls", "carpenters"),
)
_METHODS = ("a field survey", "a laboratory series", "interviews", "an archive study", "a model")
_FINDINGS = ("seasonal variation", "the choice of material", "local custom", "maintenance", "cost")


def distractor(number: int, *, seed: int = 0) -> Paper:
    """The `number`-th made-up paper; equal numbers and seeds give equal papers."""
    generator = random.Random(f"{seed}:distractor:{number}")
    topic, place, people = generator.choice(_FIELDS)
    method, cause = generator.choice(_METHODS), generator.choice(_FINDINGS)
    sites, years = generator.randrange(3, 60), generator.randrange(2, 30)
    share = generator.randrange(12, 88)
    title = f"{topic.capitalize()} in {place}: {method}, no. {number + 1}"
    abstract = (
        f"This article reports on {topic} in {place}. "
        f"Over {years} years, {sites} sites were visited together with {people}. "
        f"By {method}, {share} of 100 differences could be put down to {cause}. "
        f"The records are kept where {people} can consult them."
    )
    return Paper(
        paper_id=f"distractor-{seed}-{number}",
        title=title,
        abstract=abstract,
        date=str(generator.randrange(1990, 2020)),
        source=("eval/sets/distractors.py",),
    )

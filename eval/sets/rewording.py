"""Questions in other words, by rule: the same asked by someone else, or by an outsider.

The tables hold words of questions and of research in general, none of any question set: pairs of
which either can stand for the other in most sentences, and plain words for terms of the field.
"""

from __future__ import annotations

import random
import re

from rag.language.wording import folded

# Read both ways: whichever of the two stands in the question is replaced by the other.
_SYNONYMS = (
    ("which", "what"),
    ("papers", "articles"),
    ("paper", "article"),
    ("method", "technique"),
    ("methods", "techniques"),
    ("dataset", "data set"),
    ("propose", "put forward"),
    ("proposes", "puts forward"),
    ("show", "demonstrate"),
    ("shows", "demonstrates"),
    ("reduce", "lower"),
    ("increase", "raise"),
    ("improve", "better"),
    ("how many", "what number of"),
    ("deal with", "are concerned with"),
    ("study", "examine"),
    ("studies", "examinations"),
    ("compare", "contrast"),
    ("is there", "do you have"),
    ("find", "discover"),
    ("about", "on"),
    ("use", "employ"),
    ("result", "outcome"),
    ("results", "outcomes"),
    ("difference", "distinction"),
    ("faster", "quicker"),
    ("explain", "describe"),
)
_FRAMES = (
    "{}",
    "Could you tell me: {}",
    "I would like to know the following. {}",
    "{} Thanks.",
    "A question for my reading list: {}",
)
_LAY_WORDS = (
    ("large language models", "chat programs"),
    ("large language model", "chat program"),
    ("language models", "text programs"),
    ("language model", "text program"),
    ("llms", "chat programs"),
    ("llm", "chat program"),
    ("transformers", "the usual networks"),
    ("reinforcement learning", "learning by reward"),
    ("rlhf", "learning from people's ratings"),
    ("fine-tuning", "extra training"),
    ("finetuning", "extra training"),
    ("fine-tuned", "trained further"),
    ("pre-training", "first training"),
    ("benchmarks", "tests"),
    ("benchmark", "test"),
    ("datasets", "collections of examples"),
    ("dataset", "collection of examples"),
    ("hallucination", "making things up"),
    ("hallucinations", "made-up facts"),
    ("embeddings", "number lists for words"),
    ("embedding", "number list for words"),
    ("in-context learning", "learning from examples in the question"),
    ("chain of thought", "thinking aloud"),
    ("alignment", "behaving as people want"),
    ("retrieval", "looking things up"),
    ("optimizer", "training procedure"),
    ("optimizers", "training procedures"),
    ("loss function", "error measure"),
    ("loss", "error measure"),
    ("inference", "use"),
    ("quantization", "rounding of numbers"),
    ("multimodal", "pictures-and-text"),
    ("prompts", "instructions"),
    ("prompt", "instruction"),
    ("tokens", "pieces of words"),
)


def reword(text: str, generator: random.Random) -> str:
    """The question with synonyms for its general words, in another frame."""
    table = {one: other for pair in _SYNONYMS for one, other in (pair, pair[::-1])}
    reworded = _replace(text, table)
    return generator.choice(_FRAMES).format(reworded)


def layman(text: str, generator: random.Random) -> str:
    """The question as somebody from outside the field asks it: plain words for its terms."""
    return f"I am new to this. {_replace(text, dict(_LAY_WORDS))}"


def _replace(text: str, table: dict[str, str]) -> str:
    """Replace whole words and phrases, the longest first, each place once; capitals are kept."""
    phrases = sorted(table, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, phrases))})(?![\w-])", re.I)

    def other(match: re.Match[str]) -> str:
        replacement = table[folded(match[0])]
        upper = match[0][0].isupper() and match.start() == 0
        return replacement[0].upper() + replacement[1:] if upper else replacement

    return pattern.sub(other, text)

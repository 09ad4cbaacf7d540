"""The only codec between our hits and LlamaIndex's nodes."""

from __future__ import annotations

from llama_index.core.schema import NodeWithScore, TextNode

from rag.types import Hit


def node_of(hit: Hit) -> NodeWithScore:
    """A hit as a scored node: the abstract as text, what is known of the paper as metadata.

    Metadata stays out of what a model would be shown or embed: LlamaIndex puts all of it before
    the text otherwise.
    """
    paper = hit.paper
    metadata = {
        "title": paper.title,
        "date": paper.date or "",
        "url": paper.url or "",
        "sentences": [[passage.start, passage.end] for passage in hit.passages],
    }
    node = TextNode(
        id_=paper.paper_id,
        text=paper.abstract,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=[name for name in metadata if name != "title"],
    )
    return NodeWithScore(node=node, score=hit.score)

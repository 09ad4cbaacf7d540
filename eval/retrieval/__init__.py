"""How good search alone is."""

from eval.retrieval.beir import BeirFolder, read_beir
from eval.retrieval.measure import (
    Rankings,
    RetrievalFigures,
    measure_rankings,
    search_all,
    write_trec_run,
)
from eval.retrieval.parts import part_rankings

__all__ = [
    "BeirFolder",
    "Rankings",
    "RetrievalFigures",
    "measure_rankings",
    "part_rankings",
    "read_beir",
    "search_all",
    "write_trec_run",
]

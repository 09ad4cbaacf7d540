"""Make the adapter of the one-pass reader from a run.

    python -m lab.training.paper_reader_ship --run RUN [--rank 48] [--out rag/data/paper_reader]

What the run changed in each matrix is cut to its strongest directions, as `lab.training.adapter`
does for the pair reader.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lab.training.adapter import save, strongest
from lab.training.checkpoints import weights_of
from rag.models import bundled as models
from rag.models.paper_reader import HEADS, IN_THE_BOX


def main() -> None:
    """Cut and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, required=True, help="the --out of the training")
    parser.add_argument("--rank", type=int, default=48)
    parser.add_argument("--out", type=Path, default=IN_THE_BOX)
    options = parser.parse_args()
    learned = weights_of(options.run)
    tensors = {name: learned[name] for name in HEADS} | strongest(learned, rank=options.rank)
    size = save(tensors, options.out, base=models.ENCODER, rank=options.rank)
    sys.stdout.write(f"{options.out}: {size / 1e6:.2f} MB at rank {options.rank}\n")


if __name__ == "__main__":
    main()

"""Whether the models do on a GPU what they do on a CPU, and how much faster.

    python -m lab.bench.device [--device cuda] [--texts N] [--pairs N] [--sentences N]

On the papers in the box: the encoder's vectors and the reader's log-odds against those of the CPU
in float32, texts and pairs a second by batch size, and of the writer its sentences against the
CPU's, tokens a second, how soon it stops, and the memory of the GPU. Speeds of encoder and reader
are the best of three runs.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.runs.indexes import BOX
from rag import build
from rag.answer.scribe import Note, Scribe
from rag.config import AnswerConfig, Config, EncoderConfig, LlmConfig
from rag.language.sentences import passages
from rag.library.codec import to_rows
from rag.models import devices
from rag.models.encoder import Encoder
from rag.models.reader import Reader, titled
from rag.models.writer.writer import Request, Writer
from rag.papers import read
from rag.types import Hit, Paper

TIMES = (1, 4, 8, 16, 64)
"""Batches tried, in multiples of a CPU's."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each is run."""

    texts: int
    pairs: int
    sentences: int


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", default="cuda", help="that is compared with the CPU")
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--sentences", type=int, default=32, help="0 leaves the writer out")
    parser.add_argument("--compared", type=int, default=200, help="run on the CPU too")
    options = parser.parse_args()
    device = devices.pick_device(options.device)
    sizes = Sizes(options.texts, options.pairs, options.sentences)
    papers = [item for item in read(BOX) if isinstance(item, Paper)]
    devices.EXACT_ON_CPU = True
    build.quiet_libraries(Config())
    _say("device", f"{devices.device_name(device)}, {devices.quick_dtype(device)}")
    _encoder(papers, device, sizes, compared=options.compared)
    _reader(papers, device, sizes, compared=options.compared)
    if sizes.sentences:
        _writer(papers, device, sizes)
    _say("GPU memory at the most", f"{devices.peak_memory(device) / 2**30:.2f} GiB")


def _encoder(papers: Sequence[Paper], device: str, sizes: Sizes, *, compared: int) -> None:
    own = [text for paper in papers for text in to_rows(paper, embedder="")[1].values()]
    texts = (own * (1 + sizes.texts // len(own)))[: sizes.texts]
    here, there = (Encoder(EncoderConfig(device=name)) for name in (device, "cpu"))
    some = texts[:compared]
    cosines = (here.embed(some) * there.embed(some)).sum(axis=1)
    _say("encoder: lowest cosine with the CPU's vector", f"{cosines.min():.6f}")
    asked = [paper.title for paper in papers][:compared]
    cosines = (here.ask(asked) * there.ask(asked)).sum(axis=1)
    _say("encoder: the same, as questions", f"{cosines.min():.6f}")
    _by_batch("encoder: texts a second", lambda: here.embed(texts), len(texts), device)
    seconds = _best(lambda: here.ask(asked[:1]))
    _say("encoder: one question", f"{1000 * seconds:.1f} ms")


def _reader(papers: Sequence[Paper], device: str, sizes: Sizes, *, compared: int) -> None:
    own = [
        (papers[i - 1].title, titled(paper.title, passage.text(paper.abstract)))
        for i, paper in enumerate(papers)
        for passage in passages(paper.paper_id, paper.abstract)
    ]
    pairs = (own * (1 + sizes.pairs // len(own)))[: sizes.pairs]
    here, there = Reader(device=device), Reader(device="cpu")
    some = pairs[:compared]
    apart = np.abs(here.logits("supports", some) - there.logits("supports", some))
    _say("reader: furthest from the CPU's log-odds", f"{apart.max():.4f}")
    _say("reader: the same, on average", f"{apart.mean():.4f}")
    _by_batch("reader: pairs a second", lambda: here.logits("supports", pairs), len(pairs), device)
    seconds = _best(lambda: here.logits("supports", pairs[:100]))
    _say("reader: a hundred pairs", f"{1000 * seconds:.1f} ms")


def _writer(papers: Sequence[Paper], device: str, sizes: Sizes) -> None:
    requests = [_request(paper) for paper in papers[: sizes.sentences]]
    there = Writer(LlmConfig(device="cpu")).write(requests[:8]).sentences
    for size in (1, 8, 32):
        writer = Writer(LlmConfig(device=device, batch_size=size))
        asked = requests[: max(4, size)] if size < 8 else requests
        written = writer.write(asked)  # once before the clock, for what is set up late
        if size == 8:
            same = sum(a == b for a, b in zip(written.sentences, there, strict=False))
            _say("writer: sentences as on the CPU", f"{same} of {len(there)}")
        begun = time.perf_counter()
        tokens = writer.write(asked).tokens_out
        speed = tokens / (time.perf_counter() - begun)
        _say(f"writer: tokens a second, batches of {size}", f"{speed:.0f}")
    _say("writer: from stop to return", f"{1000 * _stopping(writer, requests):.0f} ms")


def _request(paper: Paper) -> Request:
    """One sentence over the first two of an abstract, as the scribe asks for it."""
    first = passages(paper.paper_id, paper.abstract)[:2]
    scribe = Scribe(None, AnswerConfig(), lambda stem: 1.0)
    return scribe.request(Note(f"What is {paper.title} about?", Hit(paper, first, 1.0), first))


def _stopping(writer: Writer, requests: Sequence[Request]) -> float:
    """Seconds until a writer at work is back once it is told to stop."""
    stop = threading.Event()
    told: list[float] = []

    def press() -> None:
        told.append(time.perf_counter())
        stop.set()

    timer = threading.Timer(0.2, press)
    timer.start()
    writer.write(requests, stop=stop)
    back = time.perf_counter()
    timer.cancel()
    return back - told[0] if told else 0.0


def _by_batch(what: str, run: Callable[[], object], count: int, device: str) -> None:
    if not device.startswith("cuda"):
        _say(what, f"{count / _best(run):.0f}")
        return
    usual = devices.TIMES_ON_A_GPU
    for times in TIMES:
        devices.TIMES_ON_A_GPU = times
        mark = " (as shipped)" if times == usual else ""
        _say(f"{what}, batch {times} times a CPU's", f"{count / _best(run):.0f}{mark}")
    devices.TIMES_ON_A_GPU = usual


def _best(run: Callable[[], object]) -> float:
    """Seconds of the fastest of a few runs, after one that does not count."""
    run()
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def _say(what: str, value: str) -> None:
    sys.stdout.write(f"{what:48} {value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

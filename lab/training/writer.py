"""Train the writer's adapter: one faithful sentence over a sentence of evidence.

    python -m lab.training.writer --shared DIR --out DIR

LoRA through PEFT (`pip install -e '.[training]'`) on the bundled SmolLM2. Seeded; a run that was
killed goes on from its last checkpoint in `--out`. `--out` then holds the adapter that ships.
Source: Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab.training import checkpoints
from lab.training.adapter import save
from lab.training.writer_data import Lesson, lessons
from rag.answer.scribe import NOT_STATED, TAUGHT_PROMPT
from rag.models import bundled as models
from rag.models import prompts
from rag.models.devices import pick_device, quick_dtype
from rag.models.writer import decoding
from rag.models.writer.weights import bundled_writer
from rag.retelling.retells import retells

RANK = 8
SCALE = 2.0
"""What the product of the factors is multiplied by (alpha / rank)."""
BATCH = 16
POOL = 8
"""Batches are cut from this many at a time, sorted by length: a third less padding."""
SAID_AT_ONCE = 64
EVERY = 20  # steps between checkpoints
WARM_UP = 0.1
MATRICES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def main() -> None:
    """Train, then write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=8e-4, help="learning rate")
    parser.add_argument("--limit", type=int, default=0, help="lessons; 0 takes all")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    told = list(lessons(options.shared / "train"))
    told = told[: options.limit or len(told)]
    student = Student()
    order = batches(told, epochs=options.epochs)
    done = checkpoints.resume(options.out, student.weights, student.optimiser)
    student.take_up()
    begun, losses = time.monotonic(), []
    for step in range(done, len(order)):
        share = step / len(order)
        rate = options.rate * min((share + 1 / len(order)) / WARM_UP, (1 - share) / (1 - WARM_UP))
        losses.append(student.step([told[i] for i in order[step]], rate=rate))
        if (step + 1) % EVERY == 0 or step + 1 == len(order):
            checkpoints.save(options.out, student.weights, student.optimiser, step=step + 1)
            seconds = time.monotonic() - begun
            loss = np.mean(losses[-EVERY:])
            sys.stdout.write(
                f"step {step + 1} of {len(order)}  loss {loss:.3f}  seconds {seconds:.0f}\n"
            )
            sys.stdout.flush()
    student.write(options.out)
    kept = list(lessons(options.shared / "train", part="dev"))
    report(student, kept[: options.limit or len(kept)])


def report(student: Student, told: Sequence[Lesson]) -> None:
    """Print what it makes of lessons that it has not learned from."""
    answerable = [lesson for lesson in told if lesson.sentence != NOT_STATED]
    left_open = [lesson for lesson in told if lesson.sentence == NOT_STATED]
    said = student.say(answerable)
    both = list(zip(answerable, said, strict=True))
    refused = [text == NOT_STATED for text in said]
    right = [retells(text, lesson.text, lesson.paper) for lesson, text in both]
    copied = [text.rstrip(".").lower() in lesson.text.lower() for lesson, text in both]
    figures = {
        "retellings": np.mean(right),
        "of them copies": np.mean([c for c, r in zip(copied, right, strict=True) if r]),
        "as taught": np.mean([text == lesson.sentence for lesson, text in both]),
        "words": np.mean([len(text.split()) for text in said]),
        "refused": np.mean(refused),
        "left open, refused": np.mean([text == NOT_STATED for text in student.say(left_open)]),
    }
    shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
    sys.stdout.write(f"{len(answerable)} and {len(left_open)} sentences: {shown}\n")
    sys.stdout.flush()


def batches(told: Sequence[Lesson], *, epochs: int) -> list[list[int]]:
    """Places in `told`, a batch a step: shuffled, with texts of like length together."""
    generator = np.random.default_rng(0)
    order: list[list[int]] = []
    for _ in range(epochs):
        shuffled = generator.permutation(len(told)).tolist()
        for start in range(0, len(told), BATCH * POOL):
            pool = sorted(
                shuffled[start : start + BATCH * POOL],
                key=lambda i: len(told[i].text) + len(told[i].question) + len(told[i].sentence),
            )
            cut = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            order += [cut[i] for i in generator.permutation(len(cut))]
    return order


class Student:
    """The bundled writer with a fresh adapter."""

    def __init__(self) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.manual_seed(0)
        self.device = pick_device("auto")
        place = str(bundled_writer())
        options = {"local_files_only": True, "trust_remote_code": False}
        self.tokenizer = AutoTokenizer.from_pretrained(place, **options)
        base = AutoModelForCausalLM.from_pretrained(
            place, dtype=quick_dtype(self.device), use_safetensors=True, **options
        )
        if self.tokenizer.pad_token_id is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        config = LoraConfig(r=RANK, lora_alpha=SCALE * RANK, target_modules=MATRICES)
        self.model = get_peft_model(base.to(self.device), config).to(base.dtype)
        self.running = {n: w for n, w in self.model.named_parameters() if w.requires_grad}
        # Computed with in bfloat16 where that is quick, learned in float32: small steps add up.
        self.weights = {
            name: weight.detach().float().clone() for name, weight in self.running.items()
        }
        self.optimiser = torch.optim.AdamW(list(self.weights.values()), weight_decay=0.0)

    def step(self, batch: Sequence[Lesson], *, rate: float) -> float:
        """One step; the loss is a mean over the tokens that are to be written."""
        import torch

        for settings in self.optimiser.param_groups:
            settings["lr"] = rate
        ids, wanted = self.tokens([(lesson, lesson.sentence) for lesson in batch])
        places = wanted[:, 1:].ge(0)
        logits = self.logits(ids, places)
        loss = torch.nn.functional.cross_entropy(logits, wanted[:, 1:][places])
        self.learn(loss)
        return float(loss.detach())

    def learn(self, loss: Any) -> None:
        """Go down the gradient of a loss."""
        import torch

        loss.backward()
        for name, weight in self.running.items():
            self.weights[name].grad = weight.grad.float()
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self.optimiser.step()
        self.take_up()

    def take_up(self) -> None:
        """Compute with what has been learned."""
        import torch

        with torch.no_grad():
            for name, weight in self.running.items():
                weight.copy_(self.weights[name])

    def logits(self, ids: Any, places: Any) -> Any:
        """(tokens to be written, vocabulary): the output layer runs where it is asked for only."""
        inner = self.model.base_model.model
        # Padding is on the right, where no earlier token looks: without a mask attention is causal
        # by its kind, which computes half as much.
        hidden = inner.model(input_ids=ids.clamp(min=0)).last_hidden_state
        return inner.lm_head(hidden[:, :-1][places]).float()

    def tokens(self, told: Sequence[tuple[Lesson, str]]) -> tuple[Any, Any]:
        """Ids (n, length), -1 as padding; and those to be written, -1 elsewhere."""
        import torch

        rows = []
        for lesson, sentence in told:
            before = self.tokenizer(self.asked(lesson), add_special_tokens=False)["input_ids"]
            after = self.tokenizer(sentence, add_special_tokens=False)["input_ids"]
            rows.append((before, [*after, self.tokenizer.eos_token_id]))
        longest = max(len(before) + len(after) for before, after in rows)
        ids = torch.full((len(rows), longest), -1)
        wanted = torch.full((len(rows), longest), -1)
        for row, (before, after) in enumerate(rows):
            ids[row, : len(before) + len(after)] = torch.tensor([*before, *after])
            wanted[row, len(before) : len(before) + len(after)] = torch.tensor(after)
        return ids.to(self.device), wanted.to(self.device)

    def say(self, told: Sequence[Lesson], *, most: int = 80) -> list[str]:
        """What it writes of each lesson, greedily, as at work; in order."""
        import torch
        from transformers import StoppingCriteriaList

        order = sorted(range(len(told)), key=lambda i: len(told[i].text))
        said = [""] * len(told)
        self.tokenizer.padding_side = "left"
        for start in range(0, len(order), SAID_AT_ONCE):
            part = order[start : start + SAID_AT_ONCE]
            asked = [self.asked(told[i]) for i in part]
            batch = self.tokenizer(
                asked, return_tensors="pt", padding=True, add_special_tokens=False
            ).to(self.device)
            length = batch["input_ids"].shape[1]
            ending: Any = decoding.SentenceEnd(self.tokenizer, length)
            with torch.inference_mode():
                ids = self.model.generate(
                    **batch,
                    max_new_tokens=most,
                    do_sample=False,
                    stopping_criteria=StoppingCriteriaList([ending]),
                )
            texts = self.tokenizer.batch_decode(ids[:, length:], skip_special_tokens=True)
            for i, text in zip(part, texts, strict=True):
                said[i] = decoding.first_sentence(text)
        return said

    def asked(self, lesson: Lesson) -> str:
        """What is read before the sentence, as the model's chat has it."""
        filled = prompts.load(TAUGHT_PROMPT).fill(
            title=lesson.title, text=lesson.text, question=lesson.question
        )
        text: str = self.tokenizer.apply_chat_template(
            [{"role": m.role, "content": m.content} for m in filled],
            tokenize=False,
            add_generation_prompt=True,
        )
        return text

    def write(self, folder: Path) -> None:
        """The adapter, under the names of the model's own weights, and its card."""
        tensors = {}
        for name, weight in self.weights.items():
            plain = name.removeprefix("base_model.model.").replace(".default", "")
            down = "lora_A" in plain
            plain = plain.replace(".lora_A.weight", ".weight.down")
            plain = plain.replace(".lora_B.weight", ".weight.up")
            tensors[plain] = weight if down else weight * SCALE
        save(tensors, folder, base=models.WRITER, rank=RANK)


if __name__ == "__main__":
    main()

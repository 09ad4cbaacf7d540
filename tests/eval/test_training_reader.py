"""The reader's training: what is learned from, checkpoints, and the adapter made of a run."""

import json
import random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from eval.support_cases import SupportCase
from eval.training import checkpoints
from eval.training.adapter import write
from eval.training.reader_data import held_out, support_group
from eval.training.reader_model import _loss
from rag import adapters, models
from rag.reader import HEADS, Reader


def case(source, sentence, evidence=("Owls hunt mice.",), true=True):
    return SupportCase("p", sentence, evidence, "Owls", "", true, source)


def test_a_group_holds_true_and_false_sentences_with_their_labels():
    cases = [
        case("answer", "Mice are hunted."),
        case("topic", "Owls are birds.", ("They are birds.",)),
        case("wrong", "Mice hunt.", true=False),
        *[case("planted_copy", f"Owls hunt {i} mice.", true=False) for i in range(9)],
    ]
    group = support_group(cases, random.Random(1))
    labels = dict(zip(group.pairs, group.right, strict=True))
    assert group.head == "supports"
    assert labels["Mice are hunted.", "Owls: Owls hunt mice."] == 1
    assert labels["Mice hunt.", "Owls: Owls hunt mice."] == 0
    # what is said on the topic is not carried by the evidence of the answer
    assert labels["Owls are birds.", "Owls: Owls hunt mice."] == 0
    assert labels["Owls are birds.", "Owls: They are birds."] == 1
    assert sum("Owls hunt" in pair[0] for pair in group.pairs) == 1


def test_a_fifth_of_the_claims_is_never_learned_from():
    share = np.mean([held_out(str(i)) for i in range(2000)])
    assert 0.17 < share < 0.23


def test_the_loss_falls_when_the_right_pair_rises_and_knows_groups_without_one():
    right = torch.tensor([1.0, 0.0, 0.0])
    worse, better = (_loss(torch.tensor([s, 0.0, 0.0]), right) for s in (-1.0, 3.0))
    assert better < worse
    nothing = torch.zeros(3)
    assert _loss(torch.full((3,), -4.0), nothing) < _loss(torch.full((3,), 4.0), nothing)


def learn(weights, optimiser, steps):
    for _ in range(steps):
        optimiser.zero_grad()
        (weights["w"] ** 2).sum().backward()
        optimiser.step()


def fresh():
    weights = {"w": torch.tensor([1.0, -2.0], requires_grad=True)}
    return weights, torch.optim.AdamW(list(weights.values()), lr=0.1)


def test_a_killed_run_goes_on_as_if_it_had_not_been(tmp_path):
    whole, optimiser = fresh()
    learn(whole, optimiser, 7)
    first, optimiser = fresh()
    learn(first, optimiser, 3)
    checkpoints.save(tmp_path, first, optimiser, step=3)
    second, optimiser = fresh()
    assert checkpoints.resume(tmp_path, second, optimiser) == 3
    learn(second, optimiser, 4)
    assert torch.equal(whole["w"], second["w"])


def test_without_a_checkpoint_it_begins_at_the_beginning(tmp_path):
    assert checkpoints.resume(tmp_path, *fresh()) == 0


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run that changed one matrix in one direction, and one vector."""
    folder = tmp_path_factory.mktemp("run")
    base = load_file(models.locate(models.ENCODER) / models.ENCODER.weights)
    layers = {name: w.clone() for name, w in base.items() if name.startswith("encoder.")}
    generator = torch.Generator().manual_seed(0)
    layers["encoder.layer.0.attention.self.query.weight"] += 0.01 * torch.outer(
        torch.randn(384, generator=generator), torch.randn(384, generator=generator)
    )
    layers["encoder.layer.5.output.dense.bias"] += 0.5
    heads = {"heads.weight": torch.ones(len(HEADS), 384), "heads.bias": torch.zeros(len(HEADS))}
    save_file({**layers, **heads}, folder / checkpoints.FILE)
    return folder, base, layers


def test_the_adapter_gives_the_learned_weights_back(run, tmp_path):
    folder, base, layers = run
    write(folder, tmp_path, rank=2)
    tensors = load_file(tmp_path / adapters.WEIGHTS)
    weights = {name: w.clone() for name, w in base.items() if w.is_floating_point()}
    adapters.apply(tensors, weights)
    for name, wanted in layers.items():
        assert torch.allclose(weights[name], wanted, atol=1e-3), name
    assert max(t.shape[1] for name, t in tensors.items() if name.endswith(".up")) == 2
    assert json.loads((tmp_path / adapters.CARD).read_text())["rank"] == 2
    assert np.isfinite(Reader(tmp_path).logits("supports", [("owls", "mice")])).all()

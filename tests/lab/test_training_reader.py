"""The reader's training: what is learned from, checkpoints, and the adapter made of a run."""

import json
import random

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from lab.data.support_cases import SupportCase
from lab.training import checkpoints
from lab.training.adapter import write
from lab.training.reader_data import held_out, support_group
from lab.training.reader_gather import at_once, chunks
from lab.training.reader_groups import Group, Lesson, keep, kept
from lab.training.reader_losses import KINDS, loss_of
from lab.training.reader_refresh import harder
from rag.models import adapters
from rag.models import bundled as models
from rag.models.reader import HEADS, Reader

pytestmark = pytest.mark.slow


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


def group(*right, head="answers", name="q"):
    return Group(head, tuple((name, f"{name}{i}") for i in range(len(right))), right)


def loss(*told, kinds=("listwise",)):
    """Of (group, scores) each."""
    scores = [torch.tensor(scores) for _, scores in told]
    return float(loss_of(scores, [one for one, _ in told], kinds=kinds))


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_falls_when_the_right_pair_rises(kind):
    one = group(1.0, 0.0, 0.0)
    assert loss((one, [3.0, 0.0, 0.0]), kinds=[kind]) < loss((one, [-1.0, 0.0, 0.0]), kinds=[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_loss_falls_when_a_group_without_a_right_pair_is_lower(kind):
    right, nothing = group(1.0, 0.0), group(0.0, 0.0, 0.0)
    low, high = (
        loss((right, [1.0, -1.0]), (nothing, [level] * 3), kinds=[kind]) for level in (-4.0, 4.0)
    )
    assert low < high


def test_each_loss_is_what_its_formula_says():
    right, nothing = group(1.0, 0.0), group(0.0, 0.0)
    told = (right, [2.0, 1.0]), (nothing, [0.0, 0.0])
    alone = loss(*told, kinds=())
    softplus = np.logaddexp(0.0, [-2.0, 1.0, 0.0, 0.0])  # of -2 (right), 1, 0 and 0 (wrong)
    assert alone == pytest.approx((softplus[:2].mean() + softplus[2:].mean()) / 2)
    extra = {kind: loss(*told, kinds=[kind]) - alone for kind in KINDS}
    assert extra["listwise"] == pytest.approx(np.log(1 + np.exp(-1.0)) / 2)
    with_none = np.log((np.exp(2.0) + np.exp(1.0) + 1) / np.exp(2.0)) + np.log(3.0)
    assert extra["none"] == pytest.approx(with_none / 2)
    assert extra["auc"] == pytest.approx(np.logaddexp(0.0, [-1.0, -2.0, -2.0]).mean())


def test_pairs_of_different_skills_are_not_held_against_each_other():
    one, other = group(1.0), group(0.0, head="supports")
    told = (one, [1.0]), (other, [5.0])
    assert loss(*told, kinds=["auc"]) == loss(*told, kinds=())


def test_work_in_parts_gives_what_it_gives_at_once():
    examples = [{"id": str(i)} for i in range(7)]
    parts = chunks(examples, 3)
    assert [len(part) for part in parts] == [3, 3, 1]
    assert at_once([lambda part=part: part for part in parts], jobs=1) == examples


def test_lessons_come_back_from_their_file(tmp_path):
    lessons = [
        Lesson("train", (group(1.0, 0.0),), (group(1.0, 0.0, 0.0),)),
        Lesson("dev", (group(0.0, name="owls"),)),
    ]
    keep(lessons, tmp_path)
    assert kept(tmp_path) == lessons


def refresh(first, pool, said, left_open=4):
    return harder(first, pool, np.array(said), left_open=left_open, rng=random.Random(0))


def test_a_refresh_keeps_what_is_right_and_takes_the_wrong_pairs_that_score_highest():
    pool = group(0.0, 1.0, 0.0, 0.0, 0.0)
    first = Group("answers", (pool.pairs[1], pool.pairs[0], pool.pairs[2]), (1.0, 0.0, 0.0))
    harder_one = refresh(first, pool, [0.0, 1.0, 5.0, 2.0, 3.0])
    assert harder_one.pairs == (pool.pairs[1], pool.pairs[2], pool.pairs[4])
    assert harder_one.right == (1.0, 0.0, 0.0)
    nothing = group(0.0, 0.0, 0.0, 0.0, 0.0)
    left = refresh(group(0.0), nothing, [0.0, 1.0, 5.0, 2.0, 3.0], left_open=2)
    assert left.pairs == (nothing.pairs[2], nothing.pairs[4])


def test_a_refresh_leaves_out_papers_above_the_right_one_for_they_may_be_right():
    pool = group(1.0, 0.0, 0.0, 0.0, head="relevant")
    first = Group("relevant", pool.pairs[:3], (1.0, 0.0, 0.0))
    harder_one = refresh(first, pool, [1.0, 2.0, 0.5, 0.0])
    assert set(harder_one.pairs) == {pool.pairs[0], pool.pairs[2], pool.pairs[3]}


def test_a_refresh_adds_planted_errors_to_what_people_wrote():
    pool = group(1.0, 0.0, 0.0, 0.0, 0.0, head="supports")
    first = Group("supports", pool.pairs[:2], (1.0, 0.0))
    harder_one = refresh(first, pool, [9.0, 8.0, 1.0, 3.0, 2.0])
    assert harder_one.pairs[:2] == first.pairs
    assert harder_one.pairs[2:] == (pool.pairs[3], pool.pairs[4], pool.pairs[2])
    assert harder_one.right == (1.0, 0.0, 0.0, 0.0, 0.0)


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


def test_of_several_runs_the_adapter_is_of_their_mean(run, tmp_path):
    folder, base, layers = run
    other = tmp_path / "run"
    other.mkdir()
    heads = {"heads.weight": torch.zeros(len(HEADS), 384), "heads.bias": torch.ones(len(HEADS))}
    names = [name for name in base if name.startswith("encoder.")]
    save_file({**{name: base[name] for name in names}, **heads}, other / checkpoints.FILE)
    write([folder, other], tmp_path / "mean", rank=2)
    tensors = load_file(tmp_path / "mean" / adapters.WEIGHTS)
    assert torch.equal(tensors["heads.bias"], torch.full((len(HEADS),), 0.5, dtype=torch.float16))
    name = "encoder.layer.5.output.dense.bias"
    half = (layers[name] - base[name]) / 2
    assert torch.allclose(tensors[name].float(), half, atol=1e-3)


def test_the_adapter_gives_the_learned_weights_back(run, tmp_path):
    folder, base, layers = run
    write([folder], tmp_path, rank=2)
    tensors = load_file(tmp_path / adapters.WEIGHTS)
    weights = {name: w.clone() for name, w in base.items() if w.is_floating_point()}
    adapters.apply(tensors, weights)
    for name, wanted in layers.items():
        assert torch.allclose(weights[name], wanted, atol=1e-3), name
    assert max(t.shape[1] for name, t in tensors.items() if name.endswith(".up")) == 2
    assert json.loads((tmp_path / adapters.CARD).read_text())["rank"] == 2
    assert np.isfinite(Reader(tmp_path).logits("supports", [("owls", "mice")])).all()

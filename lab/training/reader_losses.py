"""What the reader's training may minimise; every pair on its own always, and one or more of these.

listwise   any right pair first in its group (Cao et al. 2007)
none       the same with "none of them" in every group, which is right where no pair is: so
           the highest score of a group learns to tell whether there is an answer at all
auc        every right pair above every wrong one of the same skill, of other groups too: the
           area under the curve, smoothed (Sheikholeslami et al. 2025, "Optimizing What
           Matters", https://arxiv.org/abs/2510.00137)

Which are added up is settled by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lab.training.reader_groups import Group
from rag.models.reader import HEADS


def loss_of(scores: Sequence[Any], groups: Sequence[Group], *, kinds: Sequence[str]) -> Any:
    """The loss of a step.

    Args:
        scores: of each group (n,) log-odds.
        groups: parallel.
        kinds: of `KINDS`, added up.
    """
    import torch

    right = [torch.tensor(g.right, device=s.device) for s, g in zip(scores, groups, strict=True)]
    each = torch.nn.functional.binary_cross_entropy_with_logits
    alone = torch.stack([each(s, r) for s, r in zip(scores, right, strict=True)]).mean()
    return alone + sum(KINDS[kind](scores, right, groups) for kind in kinds)


def _listwise(scores: Sequence[Any], right: Sequence[Any], groups: Sequence[Group]) -> Any:
    """Minus the log of the probability, by softmax over a group, of any right pair."""
    import torch

    losses = [torch.zeros((), device=scores[0].device)]
    for own, labels, group in zip(scores, right, groups, strict=True):
        if 0 < sum(group.right) < len(group.right):
            losses.append(-torch.logsumexp(torch.log_softmax(own, dim=0)[labels > 0], dim=0))
    return torch.stack(losses).sum() / len(groups)


def _none(scores: Sequence[Any], right: Sequence[Any], groups: Sequence[Group]) -> Any:
    """The same over a group and a pair of log-odds 0, right where no other is."""
    import torch

    losses = []
    for own, labels, group in zip(scores, right, groups, strict=True):
        every = torch.log_softmax(torch.cat([own, own.new_zeros(1)]), dim=0)
        chosen = every[:-1][labels > 0] if sum(group.right) else every[-1:]
        losses.append(-torch.logsumexp(chosen, dim=0))
    return torch.stack(losses).mean()


def _auc(scores: Sequence[Any], right: Sequence[Any], groups: Sequence[Group]) -> Any:
    """Softplus of wrong less right, over all such pairs of a head; heads by their groups."""
    import torch

    losses = [torch.zeros((), device=scores[0].device)]
    for head in HEADS:
        own = [i for i, group in enumerate(groups) if group.head == head]
        if not own:
            continue
        flat, labels = torch.cat([scores[i] for i in own]), torch.cat([right[i] for i in own])
        above = flat[labels == 0][:, None] - flat[labels > 0][None, :]
        if above.numel():
            losses.append(torch.nn.functional.softplus(above).mean() * len(own))
    return torch.stack(losses).sum() / len(groups)


KINDS: dict[str, Callable[[Sequence[Any], Sequence[Any], Sequence[Group]], Any]] = {
    "listwise": _listwise,
    "none": _none,
    "auc": _auc,
}

"""The loss of one batch: the replies, and what the throw-away heads and the supervised attention should say."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from ..model.decoder import Look
from ..model.hour_llava import HourLlava
from .batches import MOST_TURNS
from .heads import Heads
from .look_loss import Columns, attention_loss, card_loss, choice_loss, clock_loss
from .row_loss import Stretches, row_loss

#: The decoder layers whose heads are shown where to look: names first, then what has to be worked out before (times,
#: "it", the next event of a reply), then the option whose letter is to be said.
EARLY, LATE, CHOICE = 1, 2, 3


@dataclass(frozen=True)
class Weights:
    """Parts of the loss beside the replies; `amount` scales all of them over the course of training."""

    rows: float = 1.0
    attention: float = 0.5
    card: float = 0.2
    amount: float = 1.0


@dataclass
class Losses:
    total: torch.Tensor
    parts: torch.Tensor  # replies, rows, attention, card
    right: torch.Tensor  # [batch, MOST_TURNS] 1 where every answer token of a turn is right
    probes: dict[str, torch.Tensor]  # shares of what some heads say that is right

    def share_right(self, names: torch.Tensor) -> torch.Tensor:
        """Of the turns that there are; names [batch, turns], -1 for none."""
        asked = names >= 0
        return self.right[:, : asked.shape[1]][asked].mean()


@dataclass(frozen=True)
class Sight:
    """What the model gets of a video, for comparisons: a memory cut to the retained tokens, or nothing at all."""

    decayed_only: bool = False
    blind: bool = False


def batch_loss(model: HourLlava, heads: Heads, features: torch.Tensor, prefix: torch.Tensor, prefix_memaug: torch.Tensor,
               data: dict[str, torch.Tensor], weights: Weights, sight: Sight = Sight()) -> Losses:
    """features [batch, frames, grid², channels]; prefix ids [1, tokens] whole and as MemAug sees them; data: Batch.arrays."""
    size = len(features)
    if sight.blind:
        features = torch.zeros_like(features)
    rows, retained = model.augment(features, prefix_memaug.expand(size, -1), data["memaug_text"].long(), sight.decayed_only, padded=True)
    embed = lambda ids: model.model.embed_tokens(ids).to(rows.dtype)
    text = data["text"].long()
    sequence = torch.cat([embed(prefix.expand(size, -1)), rows, embed(text)], 1)
    before = prefix.shape[1] + rows.shape[1]
    positions = data["look_at"].long() + before
    early, late = Look(EARLY, 2, positions), Look(LATE, 1, positions)
    choice = data["choice"].long()
    # Absent choices look from the last token, which sees everything, so that nothing infinite comes up.
    chooser = Look(CHOICE, 1, torch.where(choice[..., 0] >= 0, choice[..., 0] + before, sequence.shape[1] - 1))
    states, _ = model.decode(sequence, (early, late, chooser))
    logits = model.logits(states[:, before:-1])
    target, weight = text[:, 1:], data["weight"][:, 1:]
    each = F.cross_entropy(logits.transpose(1, 2), target, reduction="none")
    replies = (each * weight).sum() / weight.sum()

    kept = model.config.kept_tokens
    stretches = Stretches(retained.frames, features.shape[1])
    row, probes = row_loss(heads, rows.unflatten(1, (-1, kept))[:, :, -1], stretches, data)
    attention, looks = attention_loss(early, late, Columns(stretches, prefix.shape[1], kept), data)
    card, cards = card_loss(heads, early, late, data)
    card = card + clock_loss(heads, early, data)
    attention = attention + choice_loss(chooser, before, choice[..., 1])
    extra = weights.rows * row + weights.attention * attention + weights.card * card
    with torch.no_grad():
        wrong = ((logits.argmax(-1) != target) & (weight > 0.5)).float()
        missed = torch.zeros(size, MOST_TURNS, device=text.device).scatter_add(1, data["turn"][:, 1:].long(), wrong)
    parts = torch.stack([x.detach() for x in (replies, row, attention, card)])
    probes = {name: value.detach() for name, value in {**probes, **looks, **cards}.items()}
    return Losses(replies + weights.amount * extra, parts, (missed == 0).float(), probes)

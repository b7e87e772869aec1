"""What the newline row of each retained frame should know about its own stretch of the memory and the question."""

import torch
import torch.nn.functional as F

from ..town.bank import take_apart
from ..town.vocabulary import THINGS
from .batches import EVENT_COLUMNS
from .heads import CLOCK, EVENT_PARTS, Heads, clock_digits


def ignore(values: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    """Targets that count only where `where` is true."""
    return torch.where(where, values, -100)


def cross_entropy(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean over what is not ignored; 0 where everything is."""
    total = F.cross_entropy(logits.flatten(0, -2), target.flatten(), ignore_index=-100, reduction="sum")
    return total / (target != -100).sum().clamp(min=1)


def share(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Share of the targets that the logits get right, for the log."""
    counted = target != -100
    return ((logits.argmax(-1) == target) & counted).float().sum() / counted.sum().clamp(min=1)


class Stretches:
    """The memory cut into one stretch for each retained frame, by the nearest."""

    def __init__(self, retained: torch.Tensor, frames: int):
        self.retained, self.count = retained, len(retained)
        middle = (retained[1:] + retained[:-1] + 1) // 2
        self.of_frame = torch.bucketize(torch.arange(frames, device=retained.device), middle, right=True)


def _any(index: torch.Tensor, rows: torch.Tensor, count: int, classes: int) -> torch.Tensor:
    """Classes [batch, items] (-1: none) that occur in rows [batch, items] -> 0 and 1 [batch, count, classes]."""
    out = torch.zeros(len(index), count * classes + 1, device=index.device)
    at = torch.where(index >= 0, rows * classes + index, count * classes)
    return out.scatter_(1, at, 1.0)[:, :-1].unflatten(1, (count, classes))


def row_loss(heads: Heads, rows: torch.Tensor, stretches: Stretches, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """rows [batch, retained, width] -> loss and, for the log, some shares."""
    out = heads.rows(rows)
    of_frame, retained, count = stretches.of_frame, stretches.retained, stretches.count
    thing = data["thing"].long()
    events = dict(zip(EVENT_COLUMNS, data["events"].long().unbind(-1)))
    real = events["thing"] >= 0
    event_row = of_frame[events["first"].clamp(min=0)]  # [batch, events]

    present = _any(thing, of_frame.expand(len(rows), -1), count, len(THINGS))
    starts = _any(events["thing"], event_row, count, len(THINGS))
    looked = data["look_frames"].long().flatten(1).masked_fill((data["look_kind"] >= 5).repeat_interleave(data["look_frames"].shape[2], 1), -1)
    asked = _any(torch.where(looked >= 0, 0, -1), of_frame[looked.clamp(min=0)], count, 1)
    bce = lambda name, target: F.binary_cross_entropy_with_logits(out[name], target, reduction="none")
    # Events are rare: what is there counts nine times.
    weighted = lambda name, target: (bce(name, target) * (1 + 8 * target)).sum() / (1 + 8 * target).sum()
    loss = weighted("present", present) + weighted("starts", starts) + weighted("asked", asked)

    # What an event is, read from the row in which it starts. A visit and the weather that it brings have parts of their own.
    at_event = lambda name: out[name].gather(1, event_row[..., None].expand(-1, -1, out[name].shape[-1]))
    targets = {name: ignore(events[name], real & (events[name] >= 0)) for name in EVENT_PARTS}
    visit_or_sign = events["duration"] < 0
    targets["companion"] = ignore(events["companion"], real & visit_or_sign)
    weights = {"colour": 0.5, "action": 0.5}
    loss = loss + sum(weights.get(name, 0.3) * cross_entropy(at_event(name), target) for name, target in targets.items())

    # The first event of a row gives its start.
    begin = data["frame_second"].long()[events["first"].clamp(min=0)]
    digits = clock_digits(begin)
    place_of = {name: ignore(digit, real & visit_or_sign) for name, digit in digits.items()}
    loss = loss + 0.3 * sum(cross_entropy(at_event(f"start_{name}"), place_of[name]) for name in CLOCK if name != "second_units")

    parts = take_apart(data["frame_index"].long().index_select(1, retained).flatten())
    place, resident = (x.view(len(rows), count) for x in (parts.place, parts.resident))
    loss = loss + 0.3 * cross_entropy(out["place"], place) + 0.3 * cross_entropy(out["resident"], resident)
    own = clock_digits(data["frame_second"].long().index_select(0, retained))
    own = {name: digit.expand(len(rows), -1) for name, digit in own.items()}
    loss = loss + 0.2 * sum(cross_entropy(out[f"own_{name}"], own[name]) for name in CLOCK)
    on = lambda name, target: ((out[name] > 0).float() * target).sum() / target.sum().clamp(min=1)
    probes = {
        "starts": on("starts", starts), "asked": on("asked", asked), "row_place": share(out["place"], place),
        "own_sec": share(out["own_second_tens"], own["second_tens"]), "begin_sec": share(at_event("start_second_tens"), place_of["second_tens"]),
        **{f"row_{name}": share(at_event(name), targets[name]) for name in EVENT_PARTS},
    }  # fmt: skip
    return loss, probes

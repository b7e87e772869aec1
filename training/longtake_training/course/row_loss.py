"""What the newline row of each retained frame should know about its own stretch of the memory and the question."""

import torch
import torch.nn.functional as F

from ..town.bank import take_apart
from ..town.vocabulary import THINGS
from .batches import EVENT_COLUMNS, OPTION, RESIDENT
from .heads import CLOCK, EVENT_PARTS, TOLD, Heads, clock_digits, part_losses


def ignore(values: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    """Targets that count only where `where` is true."""
    return torch.where(where, values, -1)


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
    of_frame, retained, count = stretches.of_frame, stretches.retained, stretches.count
    events = dict(zip(EVENT_COLUMNS, data["events"].long().unbind(-1)))
    real = events["thing"] >= 0
    event_row = of_frame[events["first"].clamp(min=0)]  # [batch, events]
    flags, probes = _flag_loss(heads, rows, of_frame, count, events["thing"], event_row, data)

    # What a row says of itself.
    parts = take_apart(data["frame_index"].long().index_select(1, retained).flatten())
    place, resident = (x.view(len(rows), count) for x in (parts.place, parts.resident))
    own = clock_digits(data["frame_second"].long().index_select(0, retained))
    names = ("place", "resident", *(f"own_{name}" for name in CLOCK))
    own_digits = [own[name].expand(len(rows), -1) for name in CLOCK]
    itself, right = part_losses(heads.row(rows, names), [place, resident, *own_digits], [0.3, 0.3, *(0.2 for _ in CLOCK)])
    probes |= {"row_place": right[0], "row_resident": right[1], "own_sec": right[4]}

    # What an event is, read from the row in which it starts. A visit and the weather that it brings have parts of their
    # own; the first event of a row gives its start.
    visit_or_sign = real & (events["duration"] < 0)
    begin = clock_digits(data["frame_second"].long()[events["first"].clamp(min=0)])
    targets = {name: ignore(events[name], visit_or_sign if name == "companion" else real) for name in EVENT_PARTS}
    targets |= {f"start_{name}": ignore(begin[name], visit_or_sign) for name in TOLD}
    at_event = rows.gather(1, event_row[..., None].expand(-1, -1, rows.shape[-1]))
    weights = [0.5 if name in ("colour", "action") else 0.3 for name in targets]
    event, right = part_losses(heads.row(at_event, tuple(targets)), list(targets.values()), weights)
    shares = dict(zip(targets, right))
    probes |= {"begin_sec": shares["start_second_tens"], **{f"row_{name}": shares[name] for name in EVENT_PARTS}}
    return flags + itself + event, probes


def _flag_loss(heads: Heads, rows: torch.Tensor, of_frame: torch.Tensor, count: int, event_thing: torch.Tensor, event_row: torch.Tensor,
               data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """What is there, what begins, and whether the question asks for it. Events are rare: what is there counts nine times."""
    present = _any(data["thing"].long(), of_frame.expand(len(rows), -1), count, len(THINGS))
    starts = _any(event_thing, event_row, count, len(THINGS))
    # An option names a letter and no event, and somebody who lives here is in many rows.
    frames, apart = data["look_frames"].long(), (data["look_kind"] == OPTION) | (data["look_kind"] == RESIDENT)
    looked = frames.masked_fill(apart[..., None], -1).flatten(1)
    asked = _any(torch.where(looked >= 0, 0, -1), of_frame[looked.clamp(min=0)], count, 1)
    out = heads.row(rows, ("present", "starts", "asked"))
    loss, probes = rows.new_zeros((), dtype=torch.float32), {}
    for index, (name, target) in enumerate((("present", present), ("starts", starts), ("asked", asked))):
        logits = out[..., index, : target.shape[-1]]
        weight = 1 + 8 * target
        loss = loss + F.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum") / weight.sum()
        probes[name] = ((logits > 0).float() * target).sum() / target.sum().clamp(min=1)
    return loss, probes

"""Where supervised heads look from each mention, and what the mention knows afterwards."""

import torch

from ..model.decoder import Look
from ..town.bank import take_apart
from .batches import EVENT_COLUMNS, NAME, OPTION, SPOT, STEP, TIME
from .heads import CLOCK, EVENT_PARTS, MOST_EVENTS, TIME_STEPS, Heads, clock_digits
from .row_loss import Stretches, cross_entropy, ignore, share

#: Events that the first token counts for where a head learns to count; about the most there are tells them apart best.
SINK = 4
#: Of the late card against the early one: fewer mentions look late, so its means are noisier.
LATE_SHARE = 0.5
#: Rows this far from a mentioned time are as good as the nearest, as long as they show the same place.
NEAR_SECONDS = 8


def _mean(x: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    """Mean where `where` is true. Elsewhere x may be infinite and must not reach the sum or its gradient."""
    return torch.where(where, x, 0.0).sum() / where.sum().clamp(min=1)


class Columns:
    """Which columns of the decoder's sequence are the newline rows of retained frames."""

    def __init__(self, stretches: Stretches, prefix: int, kept: int):
        self.stretches = stretches
        self.rows = prefix + torch.arange(stretches.count, device=stretches.retained.device) * kept + kept - 1

    def of_frames(self, frames: torch.Tensor) -> torch.Tensor:
        return self.rows[self.stretches.of_frame[frames.clamp(min=0)]]


def attention_loss(early: Look, late: Look, columns: Columns, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Names look in the early layer (head 0 for the event, head 1 to count), everything else in the late layer's head 0."""
    kind, frames = data["look_kind"], data["look_frames"].long()
    frames = frames.masked_fill((kind == OPTION)[..., None], -1)
    found = frames >= 0
    count = found.sum(-1)
    column = columns.of_frames(frames)
    at_rows = lambda look, head: look.log_attention[:, head].gather(2, column).masked_fill(~found, 0.0)
    sink = early.log_attention[..., 0]
    # Head 0 looks at the events, or at the first token if there is none.
    single = torch.where(count > 0, at_rows(early, 0).sum(-1) / count.clamp(min=1), sink[:, 0])
    # Head 1 shares among all events and the first token, which stands for SINK of them: what it keeps, SINK / (SINK +
    # events), tells how many there are.
    shared = (at_rows(early, 1).sum(-1) + SINK * sink[:, 1]) / (count + SINK)
    at_spot = at_rows(late, 0)[..., 0]
    at_time = _near_in_time(late.log_attention[:, 0], frames[..., 0], columns, data)
    is_name, is_time = kind == NAME, (kind == TIME) & (count > 0)
    is_spot = ((kind == SPOT) | (kind == STEP)) & (count > 0)
    loss = -_mean(single, is_name) - _mean(shared, is_name) - _mean(at_time, is_time) - _mean(at_spot, is_spot)
    probes = {
        "look": _mean(torch.where(found, at_rows(early, 0).exp(), 0.0).sum(-1), is_name & (count > 0)),
        "look_time": _mean(at_time.exp(), is_time),
        "look_spot": _mean(at_spot.exp(), is_spot & (kind == SPOT)),
        "look_step": _mean(at_spot.exp(), is_spot & (kind == STEP)),
    }
    return loss, probes


def _near_in_time(log: torch.Tensor, frame: torch.Tensor, columns: Columns, data: dict[str, torch.Tensor]) -> torch.Tensor:
    """Log of the attention on rows within NEAR_SECONDS of a frame that show its place; log [batch, mentions, length]."""
    stretches, first, seconds = columns.stretches, frame.clamp(min=0), data["frame_second"].long()
    index = data["frame_index"].long()
    here = take_apart(index.index_select(1, stretches.retained).flatten()).place.view(len(index), -1)
    there = take_apart(index.gather(1, first).flatten()).place.view_as(first)
    near = (seconds[stretches.retained] - seconds[first][..., None]).abs() <= NEAR_SECONDS
    near = near & (here[:, None] == there[..., None])
    near = near | (torch.arange(stretches.count, device=log.device) == stretches.of_frame[first][..., None])
    return log.index_select(2, columns.rows).masked_fill(~near, -torch.inf).logsumexp(-1)


def card_loss(heads: Heads, early: Look, late: Look, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """A mention of one event knows all about it after its look; a name knows how often, an option its letter."""
    kind, frames, at = data["look_kind"], data["look_frames"].long(), data["look_event"].long()
    count = (frames >= 0).sum(-1)
    table = data["events"].long()
    picked = table.gather(1, at.clamp(min=0)[..., None].expand(-1, -1, table.shape[-1]))
    event = dict(zip(EVENT_COLUMNS, picked.unbind(-1)))
    seconds = data["frame_second"].long()
    first = frames[..., 0].clamp(min=0).clamp(max=len(seconds) - 1)
    digits = clock_digits(seconds[first])
    elapsed = (seconds[first].float() / seconds[-1].clamp(min=1) * TIME_STEPS).floor().long().clamp(max=TIME_STEPS - 1)
    spot_place = take_apart(data["frame_index"].long().gather(1, first).flatten()).place.view_as(first)
    loss, probes = torch.zeros((), device=table.device), {}
    for late_one, name, out in ((False, "card", heads.cards(early.residual, False)), (True, "late", heads.cards(late.residual, True))):
        here = (kind == NAME) if not late_one else (kind == SPOT) | (kind == STEP)
        one = here & (at >= 0)
        targets = {part: ignore(event[part], one & (event[part] >= 0)) for part in (*EVENT_PARTS, "place")}
        targets |= {f"start_{part}": ignore(digit, one) for part, digit in digits.items() if part != "second_units"}
        targets["elapsed"] = ignore(elapsed, one)
        if late_one:
            targets["thing"] = ignore(event["thing"], one)
        loud = LATE_SHARE if late_one else 1.0
        loss = loss + loud * sum(cross_entropy(out[part], target) for part, target in targets.items())
        probes |= {f"{name}_{part}": share(out[part], targets[part]) for part in ("colour", "place", "companion", "start_second_tens", "cause", "duration")}
        if late_one:
            probes["late_thing"] = share(out["thing"], targets["thing"])
            # Places at a time or at the video's ends are rare among all mentions, so they have a mean of their own.
            place = ignore(spot_place, ((kind == TIME) | (kind == SPOT)) & (at < 0) & (count > 0))
            loss = loss + cross_entropy(out["place"], place)
            probes["place_at"] = share(out["place"], place)
        else:
            counts = ignore(count.clamp(max=MOST_EVENTS - 1), kind == NAME)
            several = ignore(counts, count > 1)
            letter = ignore(frames[..., 0].clamp(0, 3), kind == OPTION)
            loss = loss + cross_entropy(out["count"], counts) + 2 * cross_entropy(out["count"], several) + cross_entropy(out["letter"], letter)
            probes |= {"count": share(out["count"], several), "letter": share(out["letter"], letter)}
    return loss, probes


def clock_loss(heads: Heads, before: Look, data: dict[str, torch.Tensor]) -> torch.Tensor:
    """A time's last digit has to know all the others before the layer that looks for the time."""
    where = (data["look_kind"] == TIME) & (data["look_frames"][..., 0] >= 0)
    seconds = data["frame_second"].long()
    first = data["look_frames"][..., 0].long().clamp(min=0) * where
    digits = clock_digits(seconds[first])
    out = heads.clocks(before.residual)
    return sum(cross_entropy(out[name], ignore(digits[name], where)) for name in CLOCK if name != "second_units")


def choice_loss(look: Look, before: int, target: torch.Tensor) -> torch.Tensor:
    """Where the word before a letter looks; target [batch, choices], -1 for none."""
    at = look.log_attention[:, 0].gather(2, (target.clamp(min=0) + before)[..., None])[..., 0]
    return -_mean(at, target >= 0)

"""Where supervised heads look from each mention, and what the mention knows afterwards."""

from typing import NamedTuple

import torch

from ..model.decoder import Look
from ..town.bank import take_apart
from .batches import EVENT_COLUMNS, NAME, OPTION, RESIDENT, SPOT, STEP, TIME
from .heads import ABSENT, EVENT_PARTS, LIVES_HERE, MOST_EVENTS, TIME_STEPS, TOLD, VISITS, Heads, clock_digits, part_losses
from .row_loss import Stretches, ignore

#: Events that the first token counts for where a head learns to count; about the most there are tells them apart best.
SINK = 4
#: Of the late card against the early one: fewer mentions look late, so its means are noisier.
LATE_SHARE = 0.5
#: Rows this far from a mentioned time are as good as the nearest, as long as they show the same place.
NEAR_SECONDS = 8
#: Parts of a card that the log shows.
_PROBED = ("colour", "place", "companion", "start_second_tens", "cause", "duration")


def _mean(x: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    """Mean where `where` is true. Elsewhere x may be infinite and must not reach the sum or its gradient."""
    return torch.where(where, x, 0.0).sum() / where.sum().clamp(min=1)


class _Said(NamedTuple):
    """One part of a card: what it should say, how loud, and its name in the log, if any."""

    part: str
    target: torch.Tensor
    weight: float = 1.0
    probe: str = ""


class Columns:
    """Which columns of the decoder's sequence are the newline rows of retained frames."""

    def __init__(self, stretches: Stretches, prefix: int, kept: int):
        self.stretches = stretches
        self.rows = prefix + torch.arange(stretches.count, device=stretches.retained.device) * kept + kept - 1

    def of_frames(self, frames: torch.Tensor) -> torch.Tensor:
        return self.rows[self.stretches.of_frame[frames.clamp(min=0)]]


def attention_loss(early: Look, late: Look, columns: Columns, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Names look in the early layer (head 0 for the event or the home, head 1 to count), everything else in the late layer's head 0."""
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
    near, home = _near_and_home(frames[..., 0], columns.stretches, data)
    on = lambda look, where: look.log_attention[:, 0].index_select(2, columns.rows).masked_fill(~where, -torch.inf).logsumexp(-1)
    at_time, at_home = on(late, near), on(early, home)
    is_name, is_time, is_home = kind == NAME, (kind == TIME) & (count > 0), (kind == RESIDENT) & (count > 0)
    is_spot = ((kind == SPOT) | (kind == STEP)) & (count > 0)
    loss = -_mean(single, is_name) - _mean(shared, is_name) - _mean(at_time, is_time) - _mean(at_spot, is_spot) - _mean(at_home, is_home)
    probes = {
        "look": _mean(torch.where(found, at_rows(early, 0).exp(), 0.0).sum(-1), is_name & (count > 0)),
        "look_time": _mean(at_time.exp(), is_time),
        "look_home": _mean(at_home.exp(), is_home),
        "look_spot": _mean(at_spot.exp(), is_spot & (kind == SPOT)),
        "look_step": _mean(at_spot.exp(), is_spot & (kind == STEP)),
    }
    return loss, probes


def _near_and_home(frame: torch.Tensor, stretches: Stretches, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows that show what memory frames [batch, mentions] show, both [batch, mentions, retained]: the place within
    NEAR_SECONDS, and the same resident anywhere."""
    first, seconds, index = frame.clamp(min=0), data["frame_second"].long(), data["frame_index"].long()
    here, there = take_apart(index.index_select(1, stretches.retained).flatten()), take_apart(index.gather(1, first).flatten())
    same = lambda part: getattr(here, part).view(len(index), 1, -1) == getattr(there, part).view(*first.shape, 1)
    near = (seconds[stretches.retained] - seconds[first][..., None]).abs() <= NEAR_SECONDS
    own = torch.arange(stretches.count, device=frame.device) == stretches.of_frame[first][..., None]
    return (near & same("place")) | own, same("resident") | own


def card_loss(heads: Heads, early: Look, late: Look, data: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """A mention of one event knows all about it after its look; a name knows how often and whose it is, an option its letter."""
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

    def about(here: torch.Tensor, prefix: str, weight: float) -> list[_Said]:
        one = here & (at >= 0)
        known = {part: event[part] for part in (*EVENT_PARTS, "place")} | {f"start_{part}": digits[part] for part in TOLD} | {"elapsed": elapsed}
        return [_Said(part, ignore(value, one), weight, f"{prefix}_{part}" if part in _PROBED else "") for part, value in known.items()]

    name, spot, home = kind == NAME, (kind == SPOT) | (kind == STEP), kind == RESIDENT
    counts = ignore(count.clamp(max=MOST_EVENTS - 1), name)
    role = torch.where(home, LIVES_HERE, torch.where(count > 0, VISITS, ABSENT))
    # Several visits, and places at a time or at the video's ends, are rare among all mentions: they have means of their own.
    of_names = [
        *about(name, "card", 1.0), _Said("count", counts), _Said("count", ignore(counts, count > 1), 2.0, "count"),
        _Said("letter", ignore(frames[..., 0].clamp(0, 3), kind == OPTION), probe="letter"), _Said("role", ignore(role, name | home), probe="role"),
    ]  # fmt: skip
    of_spots = [
        *about(spot, "late", LATE_SHARE), _Said("thing", ignore(event["thing"], spot & (at >= 0)), LATE_SHARE, "late_thing"),
        _Said("place", ignore(spot_place, ((kind == TIME) | (kind == SPOT)) & (at < 0) & (count > 0)), probe="place_at"),
    ]  # fmt: skip
    loss, probes = torch.zeros((), device=table.device), {}
    for head, look, said in ((heads.card, early, of_names), (heads.late_card, late, of_spots)):
        card, right = part_losses(head(look.residual, [one.part for one in said]), [one.target for one in said], [one.weight for one in said])
        loss = loss + card
        probes |= {one.probe: share for one, share in zip(said, right) if one.probe}
    return loss, probes


def clock_loss(heads: Heads, before: Look, data: dict[str, torch.Tensor]) -> torch.Tensor:
    """A time's last digit has to know all the others before the layer that looks for the time."""
    where = (data["look_kind"] == TIME) & (data["look_frames"][..., 0] >= 0)
    first = data["look_frames"][..., 0].long().clamp(min=0) * where
    digits = clock_digits(data["frame_second"].long()[first])
    return part_losses(heads.clock(before.residual, TOLD), [ignore(digits[name], where) for name in TOLD], [1.0 for _ in TOLD])[0]


def choice_loss(look: Look, before: int, target: torch.Tensor) -> torch.Tensor:
    """Where the word before a letter looks; target [batch, choices], -1 for none."""
    at = look.log_attention[:, 0].gather(2, (target.clamp(min=0) + before)[..., None])[..., 0]
    return -_mean(at, target >= 0)

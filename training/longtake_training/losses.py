"""The loss of one batch: the replies, and what the throw-away heads and the supervised attention should say."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .data import ACTOR_LOOKUP, OPTION_LOOKUP, TIME_LOOKUP
from .heads import CLOCK, MOST_EVENTS, TIME_STEPS, Heads, clock_digits
from .model.decoder import Look
from .model.hour_llava import HourLlava
from .world.bank import unflatten
from .world.vocabulary import ACTIONS, ACTORS, COLOURS

#: The decoder layer whose first two heads are shown where to look.
LOOK_LAYER, LOOK_HEADS = 1, 2
#: The layer whose first head is shown the right option from the word before the letter.
CHOICE_LAYER = 3
#: Events that the first token counts for where a head learns to count; about the most there are tells them apart best.
SINK = 4
#: Rows this far from a mentioned time are as good as the nearest, as long as they show the same place.
NEAR_SECONDS = 8


@dataclass(frozen=True)
class Weights:
    """Parts of the loss beside the replies; `amount` scales all of them over the course of training."""

    rows: float = 1.0
    attention: float = 0.5
    card: float = 0.3
    amount: float = 1.0


@dataclass
class Losses:
    total: torch.Tensor
    parts: torch.Tensor  # replies, rows, attention, card
    turn_right: torch.Tensor  # [turns] share of conversations whose turn has every answer token right
    probes: dict[str, torch.Tensor]  # accuracies of some heads


def _ignore(values: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    return torch.where(where, values, -100)


def _cross_entropy(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Mean over what is not ignored; 0 where everything is."""
    total = F.cross_entropy(logits.flatten(0, -2), target.flatten(), ignore_index=-100, reduction="sum")
    return total / (target != -100).sum().clamp(min=1)


def _share(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    counted = target != -100
    return ((logits.argmax(-1) == target) & counted).float().sum() / counted.sum().clamp(min=1)


class Stretches:
    """The memory cut into one stretch for each retained frame, by the nearest."""

    def __init__(self, retained: torch.Tensor, frames: int):
        self.retained, self.count = retained, len(retained)
        middle = (retained[1:] + retained[:-1] + 1) // 2
        self.of_frame = torch.bucketize(torch.arange(frames, device=retained.device), middle, right=True)

    def any(self, x: torch.Tensor) -> torch.Tensor:
        """x [batch, frames, classes] of 0 and 1 -> [batch, retained, classes]."""
        out = torch.zeros(x.shape[0], self.count, x.shape[2], device=x.device)
        return out.index_add(1, self.of_frame, x).clamp(max=1)


def row_loss(heads: Heads, rows: torch.Tensor, retained: torch.Tensor, data: dict[str, torch.Tensor]):
    """What the newline row of each retained frame should know; rows [batch, retained, width]."""
    out = heads.rows(rows)
    frames = data["frame_index"].shape[1]
    stretches = Stretches(retained, frames)
    parts = unflatten(data["frame_index"].long())
    event_start = data["event_start"].long()
    order = torch.arange(frames, device=rows.device)
    event = (event_start >= 0)[..., None].float()
    begins = event_start == order
    actor = F.one_hot(parts["actor"], len(ACTORS)).float()

    present = stretches.any(actor * event)
    starts = stretches.any(actor * begins[..., None])
    colour = stretches.any(F.one_hot(parts["colour"], len(COLOURS)).float() * event)
    action = stretches.any(F.one_hot(parts["action"], len(ACTIONS)).float() * event)
    bce = lambda name, target: F.binary_cross_entropy_with_logits(out[name], target, reduction="none")
    # Events are rare: rows that have one count nine times, and colour and action count hardly elsewhere.
    weighted = lambda name, target: (bce(name, target) * (1 + 8 * target)).sum() / (1 + 8 * target).sum()
    rare = present.amax(-1, keepdim=True) * 8 + 0.2
    loss = weighted("present", present) + weighted("starts", starts)
    loss = loss + (bce("colour", colour) * rare).mean() + (bce("action", action) * rare).mean()

    place = parts["place"].index_select(1, retained)
    loss = loss + 0.3 * _cross_entropy(out["place"], place)
    own = clock_digits(data["frame_second"].long().index_select(0, retained))
    own = {name: digit.expand(len(rows), -1) for name, digit in own.items()}
    loss = loss + 0.2 * sum(_cross_entropy(out[f"own_{name}"], own[name]) for name in CLOCK)

    first = torch.full((len(rows), stretches.count), -1, device=rows.device)
    first = first.scatter_reduce(1, stretches.of_frame.expand(len(rows), -1), torch.where(begins, order, -1), "amax")
    has = first >= 0
    first = first.clamp(min=0)
    begin = clock_digits(data["frame_second"].long().index_select(0, first.flatten()).view_as(first))
    begin = {name: _ignore(digit, has) for name, digit in begin.items()}
    loss = loss + 0.3 * sum(_cross_entropy(out[f"start_{name}"], begin[name]) for name in CLOCK if name != "second_units")
    following = data["next_place"].long().gather(1, first)
    following = _ignore(following, has & (following >= 0))
    loss = loss + 0.3 * _cross_entropy(out["next_place"], following)

    recall = ((out["starts"] > 0).float() * starts).sum() / starts.sum().clamp(min=1)
    what = _ignore(parts["action"].gather(1, first), has)
    probes = {
        "starts": recall, "place": _share(out["place"], place), "own_sec": _share(out["own_second_tens"], own["second_tens"]),
        "begin_min": _share(out["start_minute_units"], begin["minute_units"]),
        "begin_sec": _share(out["start_second_tens"], begin["second_tens"]),
        "action": _share(out["action"], what), "next": _share(out["next_place"], following),
    }  # fmt: skip
    return loss, probes, stretches


def look_loss(heads: Heads, look: Look, stretches: Stretches, prefix: int, kept: int, data: dict[str, torch.Tensor]):
    """Where the two shown heads look from each mention, and what the mention knows afterwards."""
    kind = data["look_kind"]
    is_option = kind == OPTION_LOOKUP
    letter = _ignore(data["look_frames"][..., 0].long(), is_option)
    frames = data["look_frames"].long().masked_fill(is_option[..., None], -1)
    found = frames >= 0
    count = found.sum(-1)
    column = prefix + stretches.of_frame[frames.clamp(min=0)] * kept + kept - 1
    log = look.log_attention
    at_rows = lambda head: log[:, head].gather(2, column)
    sink = log[..., 0]
    # Head 0 looks at the events, or at the first token if there is none.
    single = torch.where(count > 0, (at_rows(0) * found).sum(-1) / count.clamp(min=1), sink[:, 0])
    # Head 1 shares among all events and the first token, which stands for SINK of them: what it keeps, SINK / (SINK +
    # events), tells how many there are.
    shared = ((at_rows(1) * found).sum(-1) + SINK * sink[:, 1]) / (count + SINK)
    at_time = _near_in_time(log[:, 0], frames[..., 0], stretches, prefix, kept, data)
    is_actor, is_time = (kind == ACTOR_LOOKUP).float(), (kind == TIME_LOOKUP).float()
    mean = lambda x, where: (x * where).sum() / where.sum().clamp(min=1)
    attention = -mean(single, is_actor) - mean(at_time, is_time) - mean(shared, is_actor)

    out = heads.cards(look.residual)
    first = frames[..., 0].clamp(min=0)
    parts = unflatten(data["frame_index"].long().gather(1, first))
    one_actor, known = (kind == ACTOR_LOOKUP) & (count == 1), (count == 1)
    second = data["frame_second"].long().index_select(0, first.flatten()).view_as(first)
    digits = clock_digits(second)
    following = data["next_place"].long().gather(1, first)
    last = data["frame_second"][-1].float()
    step = (second.float() / last * TIME_STEPS).floor().long().clamp(max=TIME_STEPS - 1)
    targets = {
        "colour": _ignore(parts["colour"], one_actor),
        "action": _ignore(parts["action"], one_actor),
        "place": _ignore(parts["place"], one_actor),
        "next_place": _ignore(following, one_actor & (following >= 0)),
        "elapsed": _ignore(step, known),
        "letter": letter,
        **{f"start_{name}": _ignore(digit, known) for name, digit in digits.items() if name != "second_units"},
    }
    card = sum(_cross_entropy(out[name], target) for name, target in targets.items())
    # Places at a time and counts are rare among all mentions, so they have means of their own.
    place_at = _ignore(parts["place"], kind == TIME_LOOKUP)
    card = card + _cross_entropy(out["place"], place_at)
    counts = _ignore(count.clamp(max=MOST_EVENTS - 1), kind == ACTOR_LOOKUP)
    several = _ignore(counts, count > 1)
    card = card + _cross_entropy(out["count"], counts) + 2 * _cross_entropy(out["count"], several)
    targets |= {"place_at": place_at, "count": several}
    probes = {f"card_{name.removeprefix('start_')}": _share(out["place" if name == "place_at" else name], target) for name, target in targets.items()}
    at_event = (at_rows(0).exp() * found).sum(-1)
    probes["look_time"] = (at_time.exp() * is_time).sum() / is_time.sum().clamp(min=1)
    probes["look"] = (at_event * is_actor * (count > 0)).sum() / (is_actor * (count > 0)).sum().clamp(min=1)
    return attention, card, probes


def _near_in_time(log: torch.Tensor, frame: torch.Tensor, stretches: Stretches, prefix: int, kept: int, data) -> torch.Tensor:
    """Log of the attention on rows within NEAR_SECONDS of a frame that show its place; log [batch, mentions, length]."""
    first = frame.clamp(min=0)
    rows = torch.arange(stretches.count, device=log.device)
    place = unflatten(data["frame_index"].long())["place"]
    seconds = data["frame_second"].long()
    target = seconds.index_select(0, first.flatten()).view_as(first)
    near = (seconds.index_select(0, stretches.retained) - target[..., None]).abs() <= NEAR_SECONDS
    near = near & (place.index_select(1, stretches.retained)[:, None] == place.gather(1, first)[..., None])
    near = near | (rows == stretches.of_frame[first][..., None])
    at = log.index_select(2, prefix + rows * kept + kept - 1)
    return at.masked_fill(~near, -torch.inf).logsumexp(-1)


def clock_loss(heads: Heads, look: Look, data: dict[str, torch.Tensor]) -> torch.Tensor:
    """A time's last digit has to know all the others before the layer that looks for the time."""
    where = data["look_kind"] == TIME_LOOKUP
    first = data["look_frames"][..., 0].long().clamp(min=0) * where
    digits = clock_digits(data["frame_second"].long().index_select(0, first.flatten()).view_as(first))
    out = heads.clocks(look.residual)
    return sum(_cross_entropy(out[name], _ignore(digits[name], where)) for name in CLOCK if name != "second_units")


def choice_loss(look: Look, before: int, target: torch.Tensor) -> torch.Tensor:
    """Where the word before a letter looks; target [batch, choices], -1 for none."""
    real = (target >= 0).float()
    at = look.log_attention[:, 0].gather(2, (target.clamp(min=0) + before)[..., None])[..., 0]
    return -(at * real).sum() / real.sum().clamp(min=1)


def batch_loss(model: HourLlava, heads: Heads, features: torch.Tensor, prefix: torch.Tensor, prefix_memaug: torch.Tensor,
               data: dict[str, torch.Tensor], weights: Weights) -> Losses:
    """features [batch, frames, grid², channels]; prefix ids [1, tokens] whole and as MemAug sees them; data: Batch.arrays."""
    size = len(features)
    rows, retained = model.augment(features, prefix_memaug.expand(size, -1), data["memaug_text"].long())
    embed = lambda ids: model.model.embed_tokens(ids).to(rows.dtype)
    text = data["text"].long()
    sequence = torch.cat([embed(prefix.expand(size, -1)), rows, embed(text)], 1)
    before = prefix.shape[1] + rows.shape[1]
    look = Look(LOOK_LAYER, LOOK_HEADS, data["look_at"].long() + before)
    choice = data["choice"].long()
    # Absent choices look from the last token, which sees everything, so that nothing infinite comes up.
    chooser = torch.where(choice[..., 0] >= 0, choice[..., 0] + before, sequence.shape[1] - 1)
    second_look = Look(CHOICE_LAYER, 1, chooser)
    first_look = Look(LOOK_LAYER - 1, 1, look.positions)
    states, _ = model.decode(sequence, (first_look, look, second_look))
    logits = model.logits(states[:, before:-1])
    target, weight = text[:, 1:], data["weight"][:, 1:]
    each = F.cross_entropy(logits.transpose(1, 2), target, reduction="none")
    replies = (each * weight).sum() / weight.sum()

    kept = model.config.kept_tokens
    newlines = rows.unflatten(1, (-1, kept))[:, :, -1]
    row, probes, stretches = row_loss(heads, newlines, retained.frames, data)
    attention, card, more = look_loss(heads, look, stretches, prefix.shape[1], kept, data)
    card = card + clock_loss(heads, first_look, data)
    attention = attention + choice_loss(second_look, before, choice[..., 1])
    extra = weights.rows * row + weights.attention * attention + weights.card * card
    with torch.no_grad():
        wrong = ((logits.argmax(-1) != target) & (weight > 0.5)).float()
        turns = int(data["turns"])
        missed = torch.zeros(size, turns, device=text.device).scatter_add(1, data["turn"][:, 1:].long(), wrong)
        right = (missed == 0).float().mean(0)
    parts = torch.stack([x.detach() for x in (replies, row, attention, card)])
    return Losses(replies + weights.amount * extra, parts, right, {k: v.detach() for k, v in {**probes, **more}.items()})

"""Plans a video second by second: scenes with a resident actor, and short events with a visitor."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .bank import clip_number
from .vocabulary import ACTIONS, ACTORS, COLOURS, PHASES, PLACES, TEST_VARIANTS, TRAIN_VARIANTS

Split = Literal["train", "test"]

#: Shorter videos have no room for the two single visitors and one of the returning one.
MIN_SECONDS = 24
MAX_SECONDS = 6000  # mm:ss
_SCENE_MIN, _SCENE_MAX = 6, 60


@dataclass(frozen=True)
class Scene:
    """Seconds start to end (exclusive) at one place; all but start and end are vocabulary indices."""

    start: int
    end: int
    place: int
    actor: int
    colour: int
    action: int


@dataclass(frozen=True)
class Event:
    """A visitor's 3 to 5 seconds, in place of the resident; the camera stays at the scene's place."""

    start: int
    end: int
    actor: int
    colour: int
    action: int
    place: int


@dataclass(frozen=True)
class Story:
    """A planned video and what the auxiliary losses need to know about each second."""

    seconds: int
    frame_index: np.ndarray  # int32 [seconds], into the bank
    scenes: list[Scene]
    events: list[Event]  # in order of time
    singles: tuple[int, int]  # the two actors that visit once
    repeated: int  # the actor that visits one to five times
    residents: tuple[int, int]
    absent: tuple[int, ...]
    event_mask: np.ndarray  # bool [seconds]
    event_start: np.ndarray  # int32 [seconds], -1 outside events
    scene_id: np.ndarray  # int32 [seconds]
    next_place: np.ndarray  # int32 [seconds], place of the following scene, -1 in the last

    def visits(self, actor: int) -> list[Event]:
        """The events of one actor, in order of time."""
        return [event for event in self.events if event.actor == actor]


def event_slots(seconds: int) -> tuple[int, int]:
    """How many slots for events a video has and how many seconds apart they are."""
    return ((seconds - 14) // 10, 10) if seconds >= 84 else ((seconds - 6) // 6, 6)


def draw_start(rng: np.random.Generator, seconds: int) -> int:
    """A start time as likely as those of events: wrong options for "when" come from here."""
    slots, spacing = event_slots(seconds)
    return int(rng.integers(0, slots)) * spacing + (
        int(rng.integers(0, 9) + rng.integers(0, 5)) if spacing == 10 else 0
    )


def plan_video(rng: np.random.Generator, seconds: int, split: Split) -> Story:
    """A random story; the same generator state gives the same story on every machine.

    Raises ValueError outside MIN_SECONDS..MAX_SECONDS.
    """
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise ValueError(f"a video has {MIN_SECONDS} to {MAX_SECONDS} seconds, not {seconds}")
    low, high = TRAIN_VARIANTS if split == "train" else TEST_VARIANTS
    cast = rng.permutation(len(ACTORS))
    slots, spacing = event_slots(seconds)
    repeats = int(rng.integers(1, min(5, slots - 2) + 1))

    # Scenes: neighbours never share a place.
    longest = int(min(max(seconds / 10, 14), _SCENE_MAX))
    bounds = np.cumsum(rng.integers(_SCENE_MIN, longest + 1, seconds // _SCENE_MIN + 2))
    starts = np.concatenate([[0], bounds[bounds < seconds]])
    count = len(starts)
    places = (np.cumsum(rng.integers(1, len(PLACES), count)) + rng.integers(0, len(PLACES))) % len(PLACES)
    residents = cast[3 + rng.integers(0, 2, count)]
    colours, actions = rng.integers(0, len(COLOURS), count), rng.integers(0, len(ACTIONS), count)
    clips = clip_number(places, residents, colours, actions, rng.integers(low, high, count))
    time = np.arange(seconds)
    scene_id = np.searchsorted(starts, time, side="right") - 1
    frame_index = clips[scene_id] * PHASES + (rng.integers(0, PHASES, count)[scene_id] + time) % PHASES

    # Events: one to a slot, all slots equally likely.
    total = repeats + 2
    if spacing == 10:
        event_starts = rng.choice(slots, total, replace=False) * 10 + rng.integers(0, 9) + rng.integers(0, 5, total)
    else:
        event_starts = rng.choice(slots, total, replace=False) * spacing
    lengths = rng.integers(3, 6, total)
    visitors = np.concatenate([cast[:2], np.full(repeats, cast[2])])
    event_colours, event_actions = rng.integers(0, len(COLOURS), total), rng.integers(0, len(ACTIONS), total)
    event_places = places[scene_id[event_starts]]
    event_clips = clip_number(event_places, visitors, event_colours, event_actions, rng.integers(low, high, total))
    first_phases = rng.integers(0, 4, total)
    event_mask, event_start = np.zeros(seconds, bool), np.full(seconds, -1, np.int32)
    events: list[Event] = []
    for k in np.argsort(event_starts):
        start, end = int(event_starts[k]), int(event_starts[k] + lengths[k])
        frame_index[start:end] = event_clips[k] * PHASES + first_phases[k] + np.arange(end - start)
        event_mask[start:end], event_start[start:end] = True, start
        events.append(
            Event(start, end, int(visitors[k]), int(event_colours[k]), int(event_actions[k]), int(event_places[k]))
        )

    ends = np.append(starts[1:], seconds)
    scenes = [Scene(*map(int, row)) for row in zip(starts, ends, places, residents, colours, actions)]
    return Story(
        seconds,
        frame_index.astype(np.int32),
        scenes,
        events,
        singles=(int(cast[0]), int(cast[1])),
        repeated=int(cast[2]),
        residents=(int(cast[3]), int(cast[4])),
        absent=tuple(int(actor) for actor in cast[5:]),
        event_mask=event_mask,
        event_start=event_start,
        scene_id=scene_id.astype(np.int32),
        next_place=np.append(places[1:], -1)[scene_id].astype(np.int32),
    )

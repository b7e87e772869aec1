"""Plans a video second by second: scenes with residents, short visits beside them, weather that visits bring, signs."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .bank import (
    SIGN_SECONDS, alone_frame, resident_side, setting_number, sign_frame, visit_action, visit_clip, visit_colour, visit_frame, weather_frame, TAKES,
)  # fmt: skip
from .vocabulary import DURATIONS, FIGURES, FIRST_SIGN, FIRST_WEATHER, PLACES, SIGNS, TEST_LOOKS, TRAIN_LOOKS, WEATHERS

Split = Literal["train", "test"]

#: Three singles, one or more visits of the repeated, two of the returning one, two spells of weather and two signs need room.
MIN_SECONDS, MAX_SECONDS = 100, 6000
_SCENE_MIN, _SCENE_MAX = 6, 60
_PAUSE = 3  # seconds between one event's end and the next one's beginning, at least


@dataclass(frozen=True)
class Scene:
    """Seconds start to end (exclusive) of one setting."""

    start: int
    end: int
    place: int
    resident: int


@dataclass(frozen=True)
class Event:
    """A visit, a spell of weather or a sign, from start to end (exclusive); -1 where something does not apply.

    `brings` is the weather that a visit brings (an index into WEATHERS), `cause` the figure that brought this weather.
    """

    thing: int
    start: int
    end: int
    place: int
    companion: int  # the resident beside it
    colour: int = -1
    action: int = -1
    side: int = -1
    brings: int = -1
    cause: int = -1
    duration: int = -1  # of weather, an index into DURATIONS


@dataclass(frozen=True)
class Story:
    """A planned video. Figures are told apart by how they come: singles once, `returning` twice, `repeated` one to five times."""

    seconds: int
    frame_index: np.ndarray  # int32 [seconds], into the bank
    scenes: list[Scene]
    events: list[Event]  # in order of time
    singles: tuple[int, int, int]
    repeated: int
    returning: int
    residents: tuple[int, ...]  # those that are in some scene
    absent: tuple[int, ...]  # things that never come, figures, weather and signs
    scene_id: np.ndarray  # int32 [seconds]

    def of(self, thing: int) -> list[Event]:
        """The events of one thing, in order of time."""
        return [event for event in self.events if event.thing == thing]

    def weathers(self) -> list[Event]:
        return [event for event in self.events if FIRST_WEATHER <= event.thing < FIRST_SIGN]

    def signs(self) -> list[Event]:
        return [event for event in self.events if event.thing >= FIRST_SIGN]

    def next_place(self, event: Event) -> int:
        """The place of the scene after the one in which an event begins; -1 in the last."""
        after = int(self.scene_id[event.start]) + 1
        return self.scenes[after].place if after < len(self.scenes) else -1


@dataclass
class _Block:
    """Seconds that stay together: a visit, with the weather that it brings, or a sign."""

    thing: int
    length: int
    weather: int = -1
    duration: int = -1

    @property
    def total(self) -> int:
        return self.length + (DURATIONS[self.duration] if self.weather >= 0 else 0) + _PAUSE


def _blocks(rng: np.random.Generator, seconds: int, cast: np.ndarray) -> list[_Block]:
    """What happens, in random order; the repeated figure comes less often in the shortest videos."""
    weathers, signs = rng.permutation(len(WEATHERS))[:2], rng.permutation(len(SIGNS))[:2]
    durations = rng.integers(0, len(DURATIONS), 2)
    while True:
        blocks = [_Block(int(thing), int(rng.integers(3, 6))) for thing in [*cast[:3], cast[4], cast[4]]]
        for bringer, weather, duration in zip(rng.permutation(3)[:2], weathers, durations):
            blocks[bringer].weather, blocks[bringer].duration = int(weather), int(duration)
        blocks += [_Block(FIRST_SIGN + int(sign), int(rng.integers(3, SIGN_SECONDS + 1))) for sign in signs]
        room = seconds - 4 - sum(block.total for block in blocks)
        most = min(5, room // (5 + _PAUSE))
        if most >= 1:
            blocks += [_Block(int(cast[3]), int(rng.integers(3, 6))) for _ in range(rng.integers(1, most + 1))]
            return [blocks[k] for k in rng.permutation(len(blocks))]
        durations = durations - 1 if durations.min() > 0 else np.maximum(durations - 1, 0)


def plan_video(rng: np.random.Generator, seconds: int, split: Split) -> Story:
    """A random story; the same generator state gives the same story on every machine.

    Raises ValueError outside MIN_SECONDS..MAX_SECONDS.
    """
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise ValueError(f"a video has {MIN_SECONDS} to {MAX_SECONDS} seconds, not {seconds}")
    cast = rng.permutation(len(FIGURES))
    low, high = TRAIN_LOOKS if split == "train" else TEST_LOOKS

    # Scenes: neighbours never share a place.
    longest = int(min(max(seconds / 10, 14), _SCENE_MAX))
    bounds = np.cumsum(rng.integers(_SCENE_MIN, longest + 1, seconds // _SCENE_MIN + 2))
    starts = np.concatenate([[0], bounds[bounds < seconds]])
    count = len(starts)
    places = (np.cumsum(rng.integers(1, len(PLACES), count)) + rng.integers(0, len(PLACES))) % len(PLACES)
    residents = cast[5 + rng.integers(0, 3, count)]
    settings = setting_number(places, residents, rng.integers(low, high, count))
    time = np.arange(seconds)
    scene_id = np.searchsorted(starts, time, side="right") - 1
    setting_at = settings[scene_id]
    frame_index = alone_frame(setting_at, time + rng.integers(0, 100))

    blocks = _blocks(rng, seconds, cast)
    slack = seconds - 4 - sum(block.total for block in blocks)
    shifts = np.sort(rng.integers(0, slack + 1, len(blocks)))
    events: list[Event] = []
    at = 2
    for block, shift in zip(blocks, shifts):
        start = at + int(shift)
        at += block.total
        end = start + block.length
        scene = int(scene_id[start])
        setting = int(settings[scene])
        spot = {"place": int(places[scene]), "companion": int(residents[scene])}
        seconds_of = np.arange(block.length)
        if block.thing >= FIRST_SIGN:
            frame_index[start:end] = sign_frame(setting, block.thing - FIRST_SIGN, seconds_of)
            events.append(Event(block.thing, start, end, **spot))
            continue
        take = int(rng.integers(0, TAKES))
        clip = visit_clip(setting, block.thing, take)
        frame_index[start:end] = visit_frame(setting, block.thing, take, seconds_of)
        looks = {"colour": int(visit_colour(clip)), "action": int(visit_action(clip)), "side": 1 - int(resident_side(setting))}
        events.append(Event(block.thing, start, end, **spot, **looks, brings=block.weather))
        if block.weather >= 0:
            over = end + DURATIONS[block.duration]
            spell = np.arange(end, over)
            frame_index[end:over] = weather_frame(setting_at[end:over], block.weather, spell)
            begins = int(scene_id[end])
            weather = Event(
                FIRST_WEATHER + block.weather, end, over, int(places[begins]), int(residents[begins]), cause=block.thing, duration=block.duration
            )
            events.append(weather)

    ends = np.append(starts[1:], seconds)
    seen = {event.thing for event in events}
    here = {int(figure) for figure in residents}
    return Story(
        seconds,
        frame_index.astype(np.int32),
        [Scene(*map(int, row)) for row in zip(starts, ends, places, residents)],
        events,
        singles=(int(cast[0]), int(cast[1]), int(cast[2])),
        repeated=int(cast[3]),
        returning=int(cast[4]),
        residents=tuple(sorted(here)),
        absent=tuple(thing for thing in range(FIRST_SIGN + len(SIGNS)) if thing not in seen and thing not in here),
        scene_id=scene_id.astype(np.int32),
    )

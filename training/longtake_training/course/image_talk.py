"""Single pictures and what is said about them: the image-language stage."""

import numpy as np
import torch

from ..town.about import ABOUT
from ..town.bank import loose_frame, resident_side, take_apart, visit_action, visit_clip, visit_colour
from ..town.draft import UNSEEN, Draft, named
from ..town.questions import build
from ..town.story import Event, Scene, Story
from ..town.vocabulary import FIRST_SIGN, FIRST_WEATHER, THINGS, indefinite
from ..town.wordings import WORDINGS
from .batches import TRACKED, Batch, BatchMaker, Turn

#: What one picture can show of an event.
_KINDS = ("colour", "place", "companion", "side")
_MOST_TURNS = 4


def picture_story(number: int) -> Story:
    """A loose frame as a video of one second."""
    parts = take_apart(torch.tensor([loose_frame(number)]))
    setting, place, resident = (int(x[0]) for x in (parts.setting, parts.place, parts.resident))
    figure, take, weather, sign = (int(x[0]) for x in (parts.figure, parts.take, parts.weather, parts.sign))
    events = []
    if figure >= 0:
        clip = visit_clip(setting, figure, take)
        events.append(Event(figure, 0, 1, place, resident, visit_colour(clip), visit_action(clip), 1 - resident_side(setting)))
    elif weather >= 0:
        events.append(Event(FIRST_WEATHER + weather, 0, 1, place, resident))
    elif sign >= 0:
        events.append(Event(FIRST_SIGN + sign, 0, 1, place, resident))
    seen = {resident, *(event.thing for event in events)}
    absent = tuple(thing for thing in range(len(THINGS)) if thing not in seen)
    return Story(1, np.array([number], np.int32), [Scene(0, 1, place, resident)], events, (0, 0, 0), 0, 0, (resident,), absent, np.zeros(1, np.int32))


def _turn(rng: np.random.Generator, story: Story) -> Turn | None:
    """About what the picture shows, or half of the time about something that it does not."""
    absent = int(rng.choice(story.absent))
    event = story.events[0] if story.events else None
    if event is None or rng.random() < 0.35:
        if rng.random() < 0.5:
            kind, draft = "absent", Draft(UNSEEN, "don't see", ["don't see"], [], **named(story, absent))
            words = WORDINGS["place" if FIRST_WEATHER <= absent < FIRST_SIGN else _KINDS[int(rng.integers(0, 3))]]
        else:
            thing = event.thing if event and rng.random() < 0.7 else absent
            yes = thing != absent
            noun = indefinite(thing).removeprefix("a ").removeprefix("an ")
            kind, words = "exist", WORDINGS["exist"]
            draft = Draft(f"Yes, there is {indefinite(thing)}." if yes else f"No, there is no {noun}.", "yes" if yes else "no", ["yes", "no"], [], **named(story, thing))
        return Turn(build(rng, kind, draft, words, "train", False), kind)
    kind = _KINDS[int(rng.integers(0, len(_KINDS)))]
    draft = ABOUT[kind](rng, story, event)
    return draft and Turn(build(rng, kind, draft, WORDINGS[kind], "train", False), kind)


def image_batch(maker: BatchMaker, rng: np.random.Generator, size: int, frames: int) -> Batch:
    """`size` of the first `frames` loose pictures, each with a few turns."""
    stories, conversations = [], []
    while len(stories) < size:
        story = picture_story(int(rng.integers(0, frames)))
        turns = [turn for turn in (_turn(rng, story) for _ in range(_MOST_TURNS)) if turn]
        if turns:
            stories.append(story)
            conversations.append(turns)
    assert all(turn.name in TRACKED for turns in conversations for turn in turns)
    return maker.batch(rng, stories, conversations, source=np.zeros(1, int))

"""Kinds that ask one thing about one event: they can be asked first or as a follow-up."""

from collections.abc import Callable

import numpy as np

from .draft import Draft, named, span, time_of, times
from .story import Event, Story
from .vocabulary import (
    ACTION_PHRASES, ACTION_VERBS, ACTIONS, COLOURS, DURATIONS, FIGURES, FIRST_SIGN, FIRST_WEATHER, PLACES, SIDES, WEATHERS, a_or_an, at_place,
    clock, name_of, phrase_of,
)  # fmt: skip


def _one(story: Story, event: Event, reply: str, answer: str, values: list[str], **more) -> Draft:
    given = {"option": answer, "wrong": [value for value in values if value != answer], **named(story, event.thing)}
    return Draft(reply, answer, values, [span(event)], **{**given, **more})


def colour(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.colour < 0:
        return None
    return _one(story, event, f"The {name_of(event.thing)} is {COLOURS[event.colour]}.", COLOURS[event.colour], COLOURS)


def place(rng: np.random.Generator, story: Story, event: Event) -> Draft:
    where = PLACES[event.place]
    others = [at_place(other) for other in PLACES if other != where]
    return _one(story, event, f"The {phrase_of(event.thing)} is {at_place(where)}.", where, PLACES, option=at_place(where), wrong=others)


def action(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.action < 0:
        return None
    does = ACTION_PHRASES[ACTIONS[event.action]]
    return _one(story, event, f"The {name_of(event.thing)} {does}.", does, list(ACTION_PHRASES.values()))


def _other_times(rng: np.random.Generator, story: Story, event: Event) -> list[str]:
    """Three times that are as likely as the right one and far enough from it and from each other."""
    gap = max(20, story.seconds // 20)
    found: list[int] = []
    for _ in range(200):
        second = int(rng.integers(0, story.seconds)) // 10 * 10
        if all(abs(second - other) >= gap for other in (event.start, *found)):
            found.append(second)
        if len(found) == 3:
            break
    return [clock(second) for second in found]


def when(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    time = time_of(event.start)
    reply = f"The {phrase_of(event.thing)} appears at about {time}."
    return _one(story, event, reply, time, times(story.seconds), wrong=_other_times(rng, story, event))


def action_when(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.action < 0:
        return None
    time, kind = time_of(event.start), ACTIONS[event.action]
    given = named(story, event.thing)
    given["slots"]["verb"] = ACTION_VERBS[kind]
    reply = f"The {name_of(event.thing)} {ACTION_PHRASES[kind]} at about {time}."
    return _one(story, event, reply, time, times(story.seconds), wrong=_other_times(rng, story, event), **given)


def companion(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if FIRST_WEATHER <= event.thing < FIRST_SIGN:
        return None
    beside = FIGURES[event.companion]
    values = [figure for figure in FIGURES if figure != name_of(event.thing)]
    meets = "stands by" if event.thing >= FIRST_SIGN else "meets"
    return _one(story, event, f"The {phrase_of(event.thing)} {meets} the {beside}.", beside, values)


def side(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.side < 0:
        return None
    return _one(story, event, f"The {name_of(event.thing)} is on the {SIDES[event.side]}.", SIDES[event.side], SIDES)


def following(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    """The place of the next scene."""
    after = story.next_place(event)
    if after < 0 or event.duration >= 0:
        return None
    scene = story.scenes[int(story.scene_id[event.start]) + 1]
    where = PLACES[after]
    others = [at_place(other) for other in PLACES if other != where]
    draft = _one(story, event, f"After the {phrase_of(event.thing)} we are {at_place(where)}.", where, PLACES, option=at_place(where), wrong=others)
    draft.evidence.append((scene.start, scene.end))
    return draft


def effect(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.colour < 0:
        return None
    values = [*WEATHERS, "nothing"]
    if event.brings < 0:
        return _one(story, event, "Nothing happens then.", "nothing", values)
    return _one(story, event, f"There is {WEATHERS[event.brings]}.", WEATHERS[event.brings], values)


def duration(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.duration < 0:
        return None
    values = [f"{seconds} seconds" for seconds in DURATIONS]
    long = values[event.duration]
    return _one(story, event, f"The {name_of(event.thing)} lasts about {long}.", long, values)


def cause(rng: np.random.Generator, story: Story, event: Event) -> Draft | None:
    if event.cause < 0:
        return None
    return _one(story, event, f"Because the {FIGURES[event.cause]} came.", FIGURES[event.cause], FIGURES)


def describe(rng: np.random.Generator, story: Story, event: Event) -> Draft:
    where, time = PLACES[event.place], time_of(event.start)
    place_and_time = [(where, PLACES), (time, times(story.seconds))]
    if event.thing >= FIRST_SIGN:
        beside = FIGURES[event.companion]
        reply = f"The {phrase_of(event.thing)} stands {at_place(where)} by the {beside} at about {time}."
        return _one(story, event, reply, where, PLACES, facts=[*place_and_time, (beside, FIGURES)], option=None)
    if event.thing >= FIRST_WEATHER:
        durations = [f"{seconds} seconds" for seconds in DURATIONS]
        reply = f"The {name_of(event.thing)} comes {at_place(where)} at about {time} and lasts about {durations[event.duration]}."
        return _one(story, event, reply, where, PLACES, facts=[*place_and_time, (durations[event.duration], durations)], option=None)
    shade, does = COLOURS[event.colour], ACTION_PHRASES[ACTIONS[event.action]]
    reply = f"{a_or_an(shade).capitalize()} {name_of(event.thing)} {does} {at_place(where)} at about {time}."
    facts = [(shade, COLOURS), (does, list(ACTION_PHRASES.values())), *place_and_time]
    return _one(story, event, reply, shade, COLOURS, facts=facts, option=None)


#: None where an event has no such property.
ABOUT: dict[str, Callable[[np.random.Generator, Story, Event], Draft | None]] = {
    "colour": colour, "place": place, "action": action, "when": when, "action_when": action_when, "companion": companion, "side": side,
    "next": following, "effect": effect, "duration": duration, "cause": cause, "describe": describe,
}  # fmt: skip

"""Kinds that compare, count, order or sum up, those about scenes, and those that have no answer."""

from collections.abc import Callable
from itertools import permutations

import numpy as np

from .about import ABOUT
from .draft import UNSEEN, Draft, Mark, named, span, times
from .story import Event, Story
from .vocabulary import (
    ACTION_PHRASES, ACTIONS, COLOURS, FIGURES, FIRST_SIGN, FIRST_WEATHER, GAPS, PLACES, SIGNS, THINGS, WEATHERS, at_place, clock, indefinite,
    name_of, phrase_of,
)  # fmt: skip

#: About one that lives in the town and is no visitor.
RESIDENT = "The {} lives here: it is in many scenes."


def _pick(rng: np.random.Generator, some):
    return some[int(rng.integers(0, len(some)))]


def _singles(rng: np.random.Generator, story: Story) -> list[Event]:
    return [story.of(story.singles[k])[0] for k in rng.permutation(3)]


def _about(kind: str):
    """Asked about a visitor that comes once; places and times sometimes about a sign."""

    def draft(rng: np.random.Generator, story: Story) -> Draft | None:
        if kind in ("duration", "cause"):
            event = _pick(rng, story.weathers())
        elif kind in ("place", "when", "companion") and rng.random() < 0.2:
            event = _pick(rng, story.signs())
        else:
            event = _singles(rng, story)[0]
            if kind == "effect":  # all five answers are as likely
                quiet = rng.random() < 0.2
                event = next(one for one in _singles(rng, story) if (one.brings < 0) == quiet)
        return ABOUT[kind](rng, story, event)

    return draft


def _order(rng: np.random.Generator, story: Story) -> Draft:
    first, second = _singles(rng, story)[:2]
    early, late = sorted((first, second), key=lambda event: event.start)
    noun = name_of(early.thing)
    given = named(story, first.thing, second.thing)
    return Draft(f"The {noun} comes first.", noun, FIGURES, [span(first), span(second)], option=noun, wrong=[name_of(late.thing)], **given)


def _before_after(rng: np.random.Generator, story: Story) -> Draft:
    events = [*_singles(rng, story), *story.weathers(), *story.signs()]
    first, second = (events[k] for k in rng.permutation(len(events))[:2])
    word = "before" if first.start < second.start else "after"
    reply = f"The {phrase_of(first.thing)} comes {word} the {phrase_of(second.thing)}."
    other = "after" if word == "before" else "before"
    return Draft(reply, word, ["before", "after"], [span(first), span(second)], option=word, wrong=[other], **named(story, first.thing, second.thing))


def _gap(rng: np.random.Generator, story: Story) -> Draft | None:
    events = [*_singles(rng, story), *story.signs()]
    wanted = int(rng.integers(0, len(GAPS)))  # every answer is as likely
    for a, b in permutations(range(len(events)), 2):
        apart = abs(events[a].start - events[b].start) / story.seconds
        # Close to a border between two answers nobody could be right.
        if min(abs(apart - 0.125), abs(apart - 0.375)) > 0.03 and (apart > 0.125) + (apart > 0.375) == wanted:
            gap = GAPS[wanted]
            given = named(story, events[a].thing, events[b].thing)
            return Draft(f"{gap.capitalize()} lies between them.", gap, GAPS, [span(events[a]), span(events[b])],
                         option=gap, wrong=[other for other in GAPS if other != gap], **given)  # fmt: skip
    return None


def _sequence(rng: np.random.Generator, story: Story) -> Draft:
    events = _singles(rng, story)
    ordered = sorted(events, key=lambda event: event.start)
    say = lambda some: " then the ".join(name_of(event.thing) for event in some)
    everything = [say(some) for some in permutations(ordered)]
    reply = f"First the {', then the '.join(name_of(event.thing) for event in ordered)}."
    steps = [(name_of(event.thing), event) for event in ordered]
    option = lambda text: text.replace(" then the ", ", ")
    return Draft(reply, say(ordered), everything, [span(event) for event in events], option=option(everything[0]),
                 wrong=[option(text) for text in everything[1:]], steps=steps, **named(story, *(event.thing for event in events)))  # fmt: skip


def _wrong_pairs(rng: np.random.Generator, one: str, two: str, values: list[str], say) -> list[str]:
    """Three other pairs of values: with the right one, two firsts by two seconds, so that no part occurs oftener than another."""
    others = [value for value in values if value not in (one, two)]
    other_one, other_two = (others[k] for k in rng.permutation(len(others))[:2])
    seconds = (two, other_one if one == two else other_two)
    return [say(a, b) for a in (one, other_one) for b in seconds if (a, b) != (one, two)]


def _action_sequence(rng: np.random.Generator, story: Story) -> Draft | None:
    first, second = story.of(story.returning)
    if first.action == second.action:
        return None
    one, two = (ACTION_PHRASES[ACTIONS[event.action]] for event in (first, second))
    phrases = list(ACTION_PHRASES.values())
    everything = [f"{a} then it {b}" for a, b in permutations(phrases, 2)]
    say = lambda a, b: f"{a}, then {b}"
    return Draft(f"First it {one}, then it {two}.", f"{one} then it {two}", everything, [span(first), span(second)], option=say(one, two),
                 wrong=_wrong_pairs(rng, one, two, phrases, say), steps=[(one, first), (two, second)], **named(story, story.returning))  # fmt: skip


def _count(rng: np.random.Generator, story: Story) -> Draft:
    visits, noun = story.of(story.repeated), FIGURES[story.repeated]
    count = len(visits)
    everything = ["1", "2", "3", "4", "5"]
    return Draft(f"The {noun} comes {count} time{'s' if count > 1 else ''}.", str(count), everything, [span(event) for event in visits],
                 option=str(count), wrong=[value for value in everything if value != str(count)], **named(story, story.repeated))  # fmt: skip


def _permanence(rng: np.random.Generator, story: Story) -> Draft:
    if rng.random() < 0.5:
        thing = _pick(rng, story.singles)
    else:
        thing = story.repeated if len(story.of(story.repeated)) > 1 and rng.random() < 0.5 else story.returning
    back = len(story.of(thing)) > 1
    reply = f"Yes, the {THINGS[thing]} comes back." if back else f"No, the {THINGS[thing]} comes only once."
    return _yes_or_no(story, thing, back, reply)


def _yes_or_no(story: Story, thing: int, yes: bool, reply: str) -> Draft:
    word, other = ("yes", "no") if yes else ("no", "yes")
    return Draft(reply, word, ["yes", "no"], [span(event) for event in story.of(thing)], option=word, wrong=[other], **named(story, thing))


def _exist(rng: np.random.Generator, story: Story) -> Draft:
    sort = int(rng.choice(3, p=[0.6, 0.2, 0.2]))
    low, high = ((0, FIRST_WEATHER), (FIRST_WEATHER, FIRST_SIGN), (FIRST_SIGN, len(THINGS)))[sort]
    there = [thing for thing in range(low, high) if thing not in story.absent]
    yes = rng.random() < 0.5
    thing = _pick(rng, there if yes else [thing for thing in story.absent if low <= thing < high])
    noun = indefinite(thing)
    return _yes_or_no(story, thing, yes, f"Yes, there is {noun}." if yes else f"No, there is no {noun.removeprefix('a ').removeprefix('an ')}.")


def _sign(rng: np.random.Generator, story: Story) -> Draft:
    number = int(rng.integers(0, 2))
    event, ordinal = story.signs()[number], ("first", "second")[number]
    word = name_of(event.thing)
    return Draft(f"The {ordinal} sign says {word}.", word, SIGNS, [span(event)], {"ordinal": ordinal}, {"ordinal": Mark("spot", (event.start,), event)},
                 option=word, wrong=[sign for sign in SIGNS if sign != word], subject=event.thing)  # fmt: skip


def _scene(story: Story, second: int, slots: dict, kind: str, say) -> Draft:
    scene = story.scenes[int(story.scene_id[second])]
    where = PLACES[scene.place]
    marks = {key: Mark(kind, (second,)) for key in slots}
    others = [at_place(other) for other in PLACES if other != where]
    return Draft(say(at_place(where)), where, PLACES, [(scene.start, scene.end)], slots, marks, option=at_place(where), wrong=others)


def _first_place(rng: np.random.Generator, story: Story) -> Draft:
    return _scene(story, 0, {"edge": _pick(rng, ["start", "beginning"])}, "spot", lambda where: f"The video begins {where}.")


def _last_place(rng: np.random.Generator, story: Story) -> Draft:
    return _scene(story, story.seconds - 1, {"edge": _pick(rng, ["end", "close"])}, "spot", lambda where: f"The video ends {where}.")


def _place_at(rng: np.random.Generator, story: Story) -> Draft:
    second = 0
    for _ in range(20):  # not within 3 seconds of a cut
        second = int(rng.integers(0, (story.seconds - 1) // 10 + 1)) * 10
        if story.scene_id[max(second - 3, 0)] == story.scene_id[min(second + 3, story.seconds - 1)]:
            break
    return _scene(story, second, {"time": clock(second)}, "time", lambda where: f"At {clock(second)} we are {where}.")


def _summary(rng: np.random.Generator, story: Story) -> Draft:
    begins, ends = PLACES[story.scenes[0].place], PLACES[story.scenes[-1].place]
    pairs = []
    for events, everything in ((story.weathers(), WEATHERS), (story.signs(), SIGNS)):
        one, two = (name_of(event.thing) for event in events)
        pairs.append((f"{one} and {two}", [f"{a} and {b}" for a, b in permutations(everything, 2)]))
    (weathers, weather_values), (signs, sign_values) = pairs
    reply = f"It begins {at_place(begins)} and ends {at_place(ends)}. There is {weathers}. The signs say {signs}."
    facts = [(f"begins {at_place(begins)}", [f"begins {at_place(x)}" for x in PLACES]), (f"ends {at_place(ends)}", [f"ends {at_place(x)}" for x in PLACES]),
             (weathers, weather_values), (signs, sign_values)]  # fmt: skip
    steps = [(name_of(event.thing), event) for event in (*story.weathers(), *story.signs())]
    say = lambda a, b: f"from the {a} to the {b}"
    evidence = [(scene.start, scene.end) for scene in (story.scenes[0], story.scenes[-1])]
    return Draft(reply, *facts[0], evidence, facts=facts, steps=steps, option=say(begins, ends),
                 wrong=_wrong_pairs(rng, begins, ends, PLACES, say))  # fmt: skip


def _absent(rng: np.random.Generator, story: Story) -> tuple[str, Draft]:
    """The kind whose words are used, and a draft about something that never comes; pairs need only one such thing."""
    figures = [thing for thing in story.absent if thing < FIRST_WEATHER]
    weathers = [thing for thing in story.absent if FIRST_WEATHER <= thing < FIRST_SIGN]
    signs = [thing for thing in story.absent if thing >= FIRST_SIGN]
    sort = rng.random()
    if sort < 0.15:
        things, kind = [_pick(rng, weathers)], _pick(rng, ["duration", "cause"])
    elif sort < 0.3:
        things, kind = [_pick(rng, signs)], _pick(rng, ["place", "when"])
    elif sort < 0.4:
        things, kind = [_pick(rng, figures), _pick(rng, story.singles)], _pick(rng, ["order", "before_after", "gap"])
        things = [things[k] for k in rng.permutation(2)]
    else:
        things, kind = [_pick(rng, figures)], _pick(rng, ["colour", "place", "when", "action", "companion", "side", "next", "describe", "effect"])
    return kind, Draft(UNSEEN, "don't see", ["don't see"], [], **named(story, *things))


def _resident(rng: np.random.Generator, story: Story) -> tuple[str, Draft]:
    """Somebody who is in many scenes has no one colour, place or time."""
    thing = _pick(rng, story.residents)
    kind = _pick(rng, ["colour", "place", "when", "action", "describe", "count"])
    return kind, Draft(RESIDENT.format(FIGURES[thing]), "lives", ["lives", "don't see"], [], **named(story, thing))


def _letter(rng: np.random.Generator, story: Story) -> Draft:
    """Text only: which letter goes with an option. It teaches multiple choice apart from the video."""
    pools = (COLOURS, FIGURES, WEATHERS, GAPS, SIGNS, [at_place(place) for place in PLACES], list(ACTION_PHRASES.values()), times(max(story.seconds, 600)))
    pool = _pick(rng, pools)
    right = _pick(rng, pool)
    return Draft(f"It is {right}.", right, pool, [], {"option": right}, option=right, wrong=[value for value in pool if value != right])


DRAFTS: dict[str, Callable] = {
    **{kind: _about(kind) for kind in ABOUT}, "order": _order, "before_after": _before_after, "gap": _gap, "sequence": _sequence,
    "action_sequence": _action_sequence, "count": _count, "permanence": _permanence, "exist": _exist, "sign": _sign,
    "first_place": _first_place, "last_place": _last_place, "place_at": _place_at, "summary": _summary, "absent": _absent, "resident": _resident,
    "letter": _letter,
}  # fmt: skip
#: Kinds whose draft comes with the kind whose words it takes.
BORROWED = ("absent", "resident")

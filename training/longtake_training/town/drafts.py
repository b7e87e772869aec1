"""Kinds that compare, count, order or sum up, those about scenes, and those that have no answer."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import numpy as np

from .about import ABOUT
from .draft import UNSEEN, Draft, Mark, named, span, times
from .story import Event, Story
from .vocabulary import (
    ACTION_PHRASES, ACTIONS, COLOURS, FIGURES, FIRST_SIGN, FIRST_WEATHER, GAPS, ORDINALS, PLACES, SIGNS, THINGS, WEATHERS, at_place, clock, indefinite,
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
        elif kind in ("place", "when", "companion", "describe") and rng.random() < 0.2:
            number = int(rng.integers(0, 2))
            event = story.signs()[number]
            draft = ABOUT[kind](rng, story, event)
            return draft if rng.random() < 0.6 or draft is None else _by_ordinal(draft, event, ORDINALS[number])
        elif kind in ("place", "when", "describe") and rng.random() < 0.25:
            event = _pick(rng, story.weathers())
        else:
            event = _singles(rng, story)[0]
            if kind == "effect":  # all five answers are as likely
                quiet = rng.random() < 0.2
                event = next(one for one in _singles(rng, story) if (one.brings < 0) == quiet)
        return ABOUT[kind](rng, story, event)

    return draft


def _by_ordinal(draft: Draft, event: Event, ordinal: str) -> Draft:
    """The same about "the first sign" instead of the sign's name."""
    reply = draft.reply.replace(name_of(event.thing), ordinal)
    return replace(draft, reply=reply, slots={"thing": ordinal}, marks={"thing": Mark("spot", (event.start,), event)})


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
    event, ordinal = story.signs()[number], ORDINALS[number]
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


def _summary_facts(story: Story) -> list[tuple[str, list[str]]]:
    """Where it begins and ends, the weather and the signs in order: each with everything that it could have been."""
    begins, ends = PLACES[story.scenes[0].place], PLACES[story.scenes[-1].place]
    facts = [(f"begins {at_place(begins)}", [f"begins {at_place(x)}" for x in PLACES]), (f"ends {at_place(ends)}", [f"ends {at_place(x)}" for x in PLACES])]
    for events, everything in ((story.weathers(), WEATHERS), (story.signs(), SIGNS)):
        one, two = (name_of(event.thing) for event in events)
        facts.append((f"{one} and {two}", [f"{a} and {b}" for a, b in permutations(everything, 2)]))
    return facts


def _summary(rng: np.random.Generator, story: Story) -> Draft:
    facts = _summary_facts(story)
    reply = f"It {facts[0][0]} and {facts[1][0]}. There is {facts[2][0]}. The signs say {facts[3][0]}."
    steps = [(name_of(event.thing), event) for event in (*story.weathers(), *story.signs())]
    say = lambda a, b: f"from the {a} to the {b}"
    begins, ends = PLACES[story.scenes[0].place], PLACES[story.scenes[-1].place]
    evidence = [(scene.start, scene.end) for scene in (story.scenes[0], story.scenes[-1])]
    return Draft(reply, *facts[0], evidence, facts=facts, steps=steps, option=say(begins, ends),
                 wrong=_wrong_pairs(rng, begins, ends, PLACES, say))  # fmt: skip


def _part_of_summary(story: Story, which: int, reply: str, steps: list[tuple[str, Event]]) -> Draft:
    """What a summary says as its `which` facts: asked alone."""
    fact = _summary_facts(story)[which]
    return Draft(reply.format(fact[0]), *fact, [span(event) for _, event in steps], steps=steps)


def _signs(rng: np.random.Generator, story: Story) -> Draft:
    return _part_of_summary(story, 3, "The signs say {}.", [(name_of(event.thing), event) for event in story.signs()])


def _weathers(rng: np.random.Generator, story: Story) -> Draft:
    return _part_of_summary(story, 2, "There is {}.", [(name_of(event.thing), event) for event in story.weathers()])


def _ends(rng: np.random.Generator, story: Story) -> Draft:
    begins, ends = _summary_facts(story)[:2]
    evidence = [(scene.start, scene.end) for scene in (story.scenes[0], story.scenes[-1])]
    return Draft(f"It {begins[0]} and {ends[0]}.", *begins, evidence, facts=[begins, ends])


#: What can be asked about each visit of one that comes several times.
_OF_A_VISIT = ["colour", "place", "when", "companion", "action"]


def _visit(rng: np.random.Generator, story: Story) -> tuple[str, Draft] | None:
    """One of several visits, by its number."""
    thing = story.returning if rng.random() < 0.6 else story.repeated
    visits, kind = story.of(thing), _pick(rng, _OF_A_VISIT)
    if len(visits) < 2:
        return None
    number = int(rng.integers(0, min(len(visits), len(ORDINALS))))
    draft = ABOUT[kind](rng, story, visits[number])
    if draft is None:
        return None
    ordinal = ORDINALS[number]
    if number == len(visits) - 1 and rng.random() < 0.4:
        ordinal = "last"
    event = visits[number]
    return kind, replace(draft, option=None, slots={**draft.slots, "ordinal": ordinal}, marks={**draft.marks, "ordinal": Mark("spot", (event.start,), event)})


def _several(rng: np.random.Generator, story: Story) -> tuple[str, Draft] | None:
    """Asked as if it came once: how often it comes, and what is asked of the first time."""
    thing = story.returning if rng.random() < 0.4 else story.repeated
    visits, noun = story.of(thing), name_of(thing)
    first, kind = visits[0], _pick(rng, [*_OF_A_VISIT, "when", "describe"])
    draft = ABOUT["when" if kind == "describe" and len(visits) > 1 else kind](rng, story, first)
    if draft is None or len(visits) == 1:
        return draft and (kind, replace(draft, option=None))
    # "The kite is at the harbour." -> "is at the harbour"
    said = draft.reply.removeprefix(f"The {noun} ").removesuffix(".")
    said = f"at about {draft.answer}" if kind in ("when", "describe") else f"it {said}"
    often = [f"{count} times" for count in range(2, 6)]
    return kind, replace(draft, reply=f"The {noun} comes {len(visits)} times, first {said}.", facts=[(f"{len(visits)} times", often), (draft.answer, draft.values)],
                         steps=[(draft.answer, first)], option=None)  # fmt: skip


def _check(rng: np.random.Generator, story: Story) -> tuple[str, Draft]:
    """Whether something is so: as often yes as no. What is so is said first, and yes or no follows from it."""
    yes = rng.random() < 0.5
    word = "yes" if yes else "no"
    sort = rng.random()
    if sort < 0.35:
        events = [*_singles(rng, story), *story.weathers(), *story.signs()]
        first, second = (events[k] for k in rng.permutation(len(events))[:2])
        right, wrong = ("before", "after") if first.start < second.start else ("after", "before")
        reply = f"The {phrase_of(first.thing)} comes {right} the {phrase_of(second.thing)}, so {word}."
        given, evidence, kind, value = named(story, first.thing, second.thing), [span(first), span(second)], "check_order", right if yes else wrong
    else:
        kind = "check_colour" if sort < 0.7 else "check_place"
        event = _singles(rng, story)[0] if sort < 0.85 else _pick(rng, [*story.weathers(), *story.signs()])
        right, every = (COLOURS[event.colour], COLOURS) if kind == "check_colour" else (at_place(PLACES[event.place]), [at_place(place) for place in PLACES])
        reply = f"The {phrase_of(event.thing)} is {right}, so {word}."
        given, evidence, value = named(story, event.thing), [span(event)], right if yes else _pick(rng, [other for other in every if other != right])
    given["slots"]["value"] = value
    return kind, Draft(reply, word, ["yes", "no"], evidence, **given)


def _absent(rng: np.random.Generator, story: Story) -> tuple[str, Draft]:
    """The kind whose words are used, and a draft about something that never comes; pairs need only one such thing."""
    figures = [thing for thing in story.absent if thing < FIRST_WEATHER]
    weathers = [thing for thing in story.absent if FIRST_WEATHER <= thing < FIRST_SIGN]
    signs = [thing for thing in story.absent if thing >= FIRST_SIGN]
    sort = rng.random()
    if sort < 0.15:
        things, kind = [_pick(rng, weathers)], _pick(rng, ["duration", "cause", "when", "place", "describe"])
    elif sort < 0.3:
        things, kind = [_pick(rng, signs)], _pick(rng, ["place", "when", "describe"])
    elif sort < 0.4:
        things, kind = [_pick(rng, figures), _pick(rng, story.singles)], _pick(rng, ["order", "before_after", "gap"])
        things = [things[k] for k in rng.permutation(2)]
    else:
        things, kind = [_pick(rng, figures)], _pick(
            rng, ["colour", "place", "when", "action", "companion", "side", "next", "describe", "effect", "count", "permanence", "check_colour", "check_place"]
        )
    return kind, _with_value(rng, kind, Draft(UNSEEN, "don't see", ["don't see"], [], **named(story, *things)))


def _with_value(rng: np.random.Generator, kind: str, draft: Draft) -> Draft:
    """Something to ask whether it is so, where the kind's words need it."""
    values = {"check_colour": COLOURS, "check_place": [at_place(place) for place in PLACES]}.get(kind)
    return replace(draft, slots={**draft.slots, "value": _pick(rng, values)}) if values else draft


def _resident(rng: np.random.Generator, story: Story) -> tuple[str, Draft]:
    """Somebody who is in many scenes has no one colour, place or time."""
    thing = _pick(rng, story.residents)
    kind = _pick(rng, ["colour", "place", "when", "action", "describe", "count", "side", "companion", "next", "permanence", "check_colour", "check_place"])
    return kind, _with_value(rng, kind, Draft(RESIDENT.format(FIGURES[thing]), "lives", ["lives", "don't see"], [], **named(story, thing)))


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
    "letter": _letter, "signs": _signs, "weathers": _weathers, "ends": _ends, "visit": _visit, "several": _several, "check": _check,
}  # fmt: skip
#: Kinds whose draft comes with the kind whose words it takes.
BORROWED = ("absent", "resident", "visit", "several", "check")

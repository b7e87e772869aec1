"""One function for each kind of question: whom it is about, what the right reply is and where to look."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .story import Event, Story, draw_start
from .vocabulary import ACTION_PHRASES, ACTIONS, ACTORS, COLOURS, PLACES, a_or_an, at_place, clock

#: What the model answers about an actor that is not in the video.
UNSEEN = "I don't see {} in this video."
#: And about one that lives there.
RESIDENT = "The {} lives here: it is in many scenes."
LETTERS = ["A", "B", "C", "D"]
#: A time is told as the ten seconds it falls in, by their first second.
TIME_STEP = 10


@dataclass(frozen=True)
class Draft:
    """What a kind of question decides; wording, options and look-ups are added the same way for all.

    slots are what the wording names, frames the seconds where each of these begins.
    """

    slots: dict[str, str]
    frames: dict[str, list[int]]
    reply: str
    answer: str
    values: list[str]
    evidence: list[tuple[int, int]]
    options: list[str] | None = None
    template_kind: str | None = None
    facts: list[tuple[str, list[str]]] = field(default_factory=list)


def time_of(second: int) -> str:
    """How questions and replies write a second: its ten seconds' beginning as mm:ss."""
    return clock(second // TIME_STEP * TIME_STEP)


def times(seconds: int) -> list[str]:
    """All times a reply about a video of that length can name."""
    return [clock(second) for second in range(0, seconds, TIME_STEP)]


def _single(rng: np.random.Generator, story: Story) -> Event:
    return story.visits(story.singles[int(rng.integers(0, 2))])[0]


def _about(
    event: Event,
    reply: str,
    answer: str,
    values: list[str],
    options: list[str] | None = None,
    facts: list[tuple[str, list[str]]] | None = None,
) -> Draft:
    return Draft(
        {"actor": ACTORS[event.actor]},
        {"actor": [event.start]},
        reply,
        answer,
        values,
        [(event.start, event.end)],
        options,
        facts=facts or [],
    )


def _options(rng: np.random.Generator, right: str, others: list[str]) -> list[str]:
    """Four options; the right one is at any place with equal chance."""
    options = [others[k] for k in rng.permutation(len(others))[:3]]
    options.insert(int(rng.integers(0, 4)), right)
    return options


def _choice(rng: np.random.Generator, event: Event, right: str, everything: list[str]) -> Draft:
    options = _options(rng, right, [value for value in everything if value != right])
    letter = LETTERS[options.index(right)]
    return _about(event, f"{letter}. {right}", letter, LETTERS, options)


def _colour(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    colour = COLOURS[event.colour]
    return _about(event, f"The {ACTORS[event.actor]} is {colour}.", colour, COLOURS)


def _place(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    place = PLACES[event.place]
    return _about(event, f"The {ACTORS[event.actor]} is {at_place(place)}.", place, PLACES)


def _action(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    action = ACTIONS[event.action]
    return _about(event, f"The {ACTORS[event.actor]} {ACTION_PHRASES[action]}.", action, ACTIONS)


def _when(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    time = time_of(event.start)
    return _about(event, f"The {ACTORS[event.actor]} appears at about {time}.", time, times(story.seconds))


def _describe(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    colour, place, action, time = (
        COLOURS[event.colour],
        PLACES[event.place],
        ACTIONS[event.action],
        time_of(event.start),
    )
    noun = ACTORS[event.actor]
    reply = f"{a_or_an(colour).capitalize()} {noun} {ACTION_PHRASES[action]} {at_place(place)} at about {time}."
    facts = [(colour, COLOURS), (action, ACTIONS), (place, PLACES), (time, times(story.seconds))]
    return _about(event, reply, colour, COLOURS, facts=facts)


def _exist(rng: np.random.Generator, story: Story) -> Draft:
    if rng.random() < 0.5:
        actor = story.absent[int(rng.integers(0, len(story.absent)))]
    else:
        actor = story.singles[int(rng.integers(0, 2))] if rng.random() < 0.8 else story.repeated
    visits = story.visits(actor)
    noun = ACTORS[actor]
    reply = f"Yes, there is {a_or_an(noun)}." if visits else f"No, there is no {noun}."
    frames = [event.start for event in visits]
    return Draft(
        {"actor": noun},
        {"actor": frames},
        reply,
        "yes" if visits else "no",
        ["yes", "no"],
        [(event.start, event.end) for event in visits],
    )


def _order(rng: np.random.Generator, story: Story) -> Draft:
    first, second = (story.visits(story.singles[k])[0] for k in rng.permutation(2))
    earlier = min(first, second, key=lambda event: event.start)
    noun = ACTORS[earlier.actor]
    return Draft(
        {"actor": ACTORS[first.actor], "other": ACTORS[second.actor]},
        {"actor": [first.start], "other": [second.start]},
        f"The {noun} comes first.",
        noun,
        ACTORS,
        [(first.start, first.end), (second.start, second.end)],
    )


def _count(rng: np.random.Generator, story: Story) -> Draft:
    visits = story.visits(story.repeated)
    noun, count = ACTORS[story.repeated], len(visits)
    reply = f"The {noun} appears {count} time{'s' if count > 1 else ''}."
    return Draft(
        {"actor": noun},
        {"actor": [event.start for event in visits]},
        reply,
        str(count),
        ["1", "2", "3", "4", "5"],
        [(event.start, event.end) for event in visits],
    )


def _next(rng: np.random.Generator, story: Story) -> Draft | None:
    events = [story.visits(actor)[0] for actor in story.singles]
    events = [event for event in events if story.next_place[event.start] >= 0]
    if not events:
        return None
    event = events[int(rng.integers(0, len(events)))]
    following = story.scenes[int(story.scene_id[event.start]) + 1]
    place = PLACES[following.place]
    draft = _about(event, f"After the {ACTORS[event.actor]} we are {at_place(place)}.", place, PLACES)
    draft.evidence.append((following.start, following.end))
    return draft


def _first_place(rng: np.random.Generator, story: Story) -> Draft:
    scene = story.scenes[0]
    place = PLACES[scene.place]
    return Draft({}, {}, f"The video begins {at_place(place)}.", place, PLACES, [(scene.start, scene.end)])


def _place_at(rng: np.random.Generator, story: Story) -> Draft:
    second = 0
    for _ in range(20):  # not within 3 seconds of a cut
        second = int(rng.integers(0, (story.seconds - 1) // TIME_STEP + 1)) * TIME_STEP
        if story.scene_id[max(second - 3, 0)] == story.scene_id[min(second + 3, story.seconds - 1)]:
            break
    scene = story.scenes[int(story.scene_id[second])]
    place = PLACES[scene.place]
    return Draft(
        {"time": clock(second)},
        {"time": [second]},
        f"At {clock(second)} we are {at_place(place)}.",
        place,
        PLACES,
        [(scene.start, scene.end)],
    )


def _mc_colour(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    return _choice(rng, event, COLOURS[event.colour], COLOURS)


def _mc_place(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    return _choice(rng, event, at_place(PLACES[event.place]), [at_place(place) for place in PLACES])


def _mc_action(rng: np.random.Generator, story: Story) -> Draft:
    event = _single(rng, story)
    return _choice(rng, event, ACTION_PHRASES[ACTIONS[event.action]], list(ACTION_PHRASES.values()))


def _mc_when(rng: np.random.Generator, story: Story) -> Draft | None:
    event = _single(rng, story)
    gap = max(2 * TIME_STEP, story.seconds // 20)
    others: list[int] = []
    for _ in range(200):
        second = draw_start(rng, story.seconds) // TIME_STEP * TIME_STEP
        if abs(second - event.start) >= gap and second not in others:
            others.append(second)
        if len(others) == 3:
            return _choice(rng, event, time_of(event.start), [time_of(event.start), *map(clock, others)])
    return None


def _absent(rng: np.random.Generator, story: Story) -> Draft:
    actor = ACTORS[story.absent[int(rng.integers(0, len(story.absent)))]]
    kind = ("colour", "place", "when", "action", "describe", "next")[int(rng.integers(0, 6))]
    return Draft(
        {"actor": actor},
        {"actor": []},
        UNSEEN.format(a_or_an(actor)),
        "don't see",
        ["don't see"],
        [],
        template_kind=kind,
    )


def _resident(rng: np.random.Generator, story: Story) -> Draft | None:
    """Somebody who is in many scenes has no one colour, place or time."""
    here = _residents(story)
    if not here:
        return None
    noun = ACTORS[here[int(rng.integers(0, len(here)))]]
    kind = ["colour", "place", "when", "action", "describe", "count"][int(rng.integers(0, 6))]
    return Draft({"actor": noun}, {}, RESIDENT.format(noun), "lives", ["lives", "don't see"], [], template_kind=kind)


def _exist_resident(rng: np.random.Generator, story: Story) -> Draft | None:
    here = _residents(story)
    if not here:
        return None
    noun = ACTORS[here[int(rng.integers(0, len(here)))]]
    return Draft({"actor": noun}, {}, f"Yes, there is {a_or_an(noun)}.", "yes", ["yes", "no"], [], template_kind="exist")


def _residents(story: Story) -> list[int]:
    return sorted({scene.actor for scene in story.scenes})


def _letter(rng: np.random.Generator, story: Story) -> Draft:
    """Text only: which letter goes with an option. It teaches multiple choice apart from the video."""
    pools = (
        COLOURS,
        [at_place(place) for place in PLACES],
        list(ACTION_PHRASES.values()),
        times(max(story.seconds, 600)),
    )
    pool = pools[int(rng.integers(0, 4))]
    right = pool[int(rng.integers(0, len(pool)))]
    options = _options(rng, right, [value for value in pool if value != right])
    letter = LETTERS[options.index(right)]
    return Draft({"option": right}, {}, f"{letter}. {right}", letter, LETTERS, [], options)


#: None where a story offers no question of the kind.
DRAFTS: dict[str, Callable[[np.random.Generator, Story], Draft | None]] = {
    "colour": _colour, "place": _place, "exist": _exist, "order": _order, "when": _when, "count": _count,
    "action": _action, "next": _next, "first_place": _first_place, "place_at": _place_at, "mc_colour": _mc_colour,
    "mc_place": _mc_place, "mc_action": _mc_action, "mc_when": _mc_when, "describe": _describe, "absent": _absent,
    "letter": _letter, "resident": _resident, "exist_resident": _exist_resident,
}  # fmt: skip

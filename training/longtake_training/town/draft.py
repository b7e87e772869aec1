"""What a kind of question decides about a story; wording, options and marks in the text are added the same way for all."""

from dataclasses import dataclass, field
from typing import Literal

from .story import Event, Story
from .vocabulary import clock, name_of

#: How the decoder finds what a word of the question stands for: by its name, by a time, as a spot in the video (its
#: first place, the second sign), as somebody who is in many scenes, or not at all.
MarkKind = Literal["name", "time", "spot", "resident"]

#: What the model says where the video does not show what is asked about.
UNSEEN = "I don't see that in this video."
LETTERS = ["A", "B", "C", "D"]
#: A time is told as the ten seconds it falls in, by their first second.
TIME_STEP = 10


@dataclass(frozen=True)
class Mark:
    """What a word of the question stands for: the seconds where it begins, and the event if it is exactly one."""

    kind: MarkKind
    frames: tuple[int, ...]
    event: Event | None = None


@dataclass(frozen=True)
class Draft:
    """slots: what the wording may name; marks: what those words stand for, by slot."""

    reply: str
    answer: str
    values: list[str]
    evidence: list[tuple[int, int]]
    slots: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    #: For multiple choice: the right option and what the wrong ones are drawn from.
    option: str | None = None
    wrong: list[str] = field(default_factory=list)
    #: For replies with several parts: each has an answer and the values that it must not be confused with.
    facts: list[tuple[str, list[str]]] = field(default_factory=list)
    #: Words of the reply, in order, before which the decoder has to find another event.
    steps: list[tuple[str, Event]] = field(default_factory=list)
    #: The thing that a follow-up would call "it".
    subject: int | None = None


def span(event: Event) -> tuple[int, int]:
    return (event.start, event.end)


def time_of(second: int) -> str:
    """How questions and replies write a second: its ten seconds' beginning as mm:ss."""
    return clock(second // TIME_STEP * TIME_STEP)


def times(seconds: int) -> list[str]:
    """All times that a reply about a video of that length can name."""
    return [clock(second) for second in range(0, seconds, TIME_STEP)]


def mark(story: Story, thing: int) -> Mark:
    """A mention of a thing by its name. Who lives here begins nowhere: one of its many scenes stands for all."""
    if thing in story.residents:
        return Mark("resident", (next(scene.start for scene in story.scenes if scene.resident == thing),))
    events = story.of(thing)
    return Mark("name", tuple(event.start for event in events), events[0] if len(events) == 1 else None)


def named(story: Story, *things: int) -> dict:
    """Slots and marks of things that a wording names: {thing}, {other}, {third}."""
    keys = ("thing", "other", "third")
    return {
        "slots": {key: name_of(thing) for key, thing in zip(keys, things)},
        "marks": {key: mark(story, thing) for key, thing in zip(keys, things)},
        "subject": things[0],
    }

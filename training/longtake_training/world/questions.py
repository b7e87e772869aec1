"""Asks about a story and knows the answer. Nothing can be answered above chance without the video."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .drafts import DRAFTS, LETTERS, Draft
from .phrases import OFF_TOPIC, OFF_TOPIC_REPLY, WORDINGS
from .story import Story
from .vocabulary import TASKS, a_or_an

Wording = Literal["train", "held_out"]
Form = Literal["open-ended", "multiple-choice"]


@dataclass(frozen=True)
class Lookup:
    """Characters start to end of the question name something; frames are the seconds where it begins."""

    start: int
    end: int
    frames: list[int]


@dataclass(frozen=True)
class Question:
    """A question with its only right reply.

    A reply is right if, of `values`, it mentions `answer` and no other (and so for each pair in `facts`).
    """

    kind: str
    task: str
    topic: str
    form: Form
    text: str
    options: list[str] | None
    reply: str
    answer: str
    values: list[str]
    evidence: list[tuple[int, int]]
    lookups: list[Lookup]
    facts: list[tuple[str, list[str]]] = field(default_factory=list)


#: Every kind `ask` knows; VIDEO_KINDS need the video.
KINDS = [*DRAFTS, "off_topic"]
VIDEO_KINDS = [kind for kind in DRAFTS if kind != "letter"]


def _fill(template: str, draft: Draft) -> tuple[str, list[Lookup]]:
    """The template with its slots filled, and where the filled-in names stand."""
    text, lookups = "", []
    for part in template.replace("{a_actor}", "\0{actor}").split("{"):
        name, found, rest = part.partition("}")
        if not found:
            text += part
            continue
        value = draft.slots[name]
        if text.endswith("\0"):
            text = text[:-1] + a_or_an(value)[: -len(value)]
        if name in draft.frames:
            lookups.append(Lookup(len(text), len(text) + len(value), draft.frames[name]))
        text += value + rest
    return text, lookups


def _as_typed(rng: np.random.Generator, text: str) -> str:
    """People leave out capitals and the last mark; no character moves."""
    if rng.random() < 0.3:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.3 and text[-1] in "?." and len(text) > 4:
        text = text[:-1]
    return text


def ask(rng: np.random.Generator, story: Story, kind: str, wording: Wording = "train") -> Question | None:
    """A question of one of KINDS about a story; None where this story offers none of that kind.

    Raises KeyError for an unknown kind.
    """
    which = 0 if wording == "train" else 1
    if kind == "off_topic":
        pool = OFF_TOPIC[which]
        text = _as_typed(rng, pool[int(rng.integers(0, len(pool)))])
        return Question(
            kind,
            TASKS[kind].task,
            TASKS[kind].topic,
            "open-ended",
            text,
            None,
            OFF_TOPIC_REPLY,
            "Pebble Town",
            ["Pebble Town"],
            [],
            [],
        )
    draft = DRAFTS[kind](rng, story)
    if draft is None:
        return None
    templates = WORDINGS[draft.template_kind or kind][which]
    text, lookups = _fill(templates[int(rng.integers(0, len(templates)))], draft)
    text = _as_typed(rng, text)
    if draft.options:
        text += "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, draft.options))
    return Question(
        kind,
        TASKS[kind].task,
        TASKS[kind].topic,
        "multiple-choice" if draft.options else "open-ended",
        text,
        draft.options,
        draft.reply,
        draft.answer,
        draft.values,
        draft.evidence,
        lookups,
        draft.facts,
    )

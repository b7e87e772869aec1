"""Asks about a story and knows the answer. Nothing can be answered above chance without the video."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from .about import ABOUT
from .draft import LETTERS, UNSEEN, Draft, Mark, MarkKind, mark, named
from .drafts import BORROWED, DRAFTS
from .manner import ENDINGS, LEADS, SMALL_TALK_REPLY, loosened, small_talk, unrelated
from .rephrase import rephrased
from .story import Event, Story
from .vocabulary import IT_DOES_NAMES, ORDINALS, SIGNS, TASKS, THINGS, WEATHERS, a_or_an, plural, task_of
from .wordings import AND_AFTER, AND_DETAIL, AND_THING, IT_DOES, VISITS, WORDINGS, Patterns, expand

Wording = Literal["train", "held_out"]
Form = Literal["open-ended", "multiple-choice"]

#: Kinds that need no earlier turn; the video is needed for VIDEO_KINDS.
KINDS = [*DRAFTS, "unrelated", "small_talk"]
VIDEO_KINDS = [kind for kind in DRAFTS if kind != "letter"]
#: Kinds of multiple choice: the first kind of each of the 22 tasks, and scenes at other times.
CHOICE_KINDS = [*(kind for tasks in TASKS.values() for kind in tasks.values()), "last_place", "place_at", "letter"]
#: A follow-up has the kind of what it asks, and one of these ways of asking it.
FOLLOW_UPS = ["and_thing", "and_detail", "and_after"]


@dataclass(frozen=True)
class Lookup:
    """Characters start to end of the question name something; frames are the seconds where it begins."""

    start: int
    end: int
    kind: MarkKind
    frames: tuple[int, ...]
    event: Event | None


@dataclass(frozen=True)
class Step:
    """The reply's character at which another event has to be found."""

    start: int
    event: Event


@dataclass(frozen=True)
class Question:
    """A question with its only right reply.

    A reply is right if, of `values`, it names `answer` and no other; with `facts`, if it does so for each of them.
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
    steps: list[Step]
    facts: list[tuple[str, list[str]]] = field(default_factory=list)
    subject: int | None = None
    follow_up: str | None = None

    @property
    def spoken(self) -> str:
        """The reply as the model says it. Multiple choice says the text before the letter: letters alone stay at chance."""
        return f"{self.options[LETTERS.index(self.answer)]}, so {self.answer}." if self.options else self.reply


def _phrase(name: str) -> str:
    return f"{name} sign" if name in SIGNS or name in ORDINALS else name


def _of_many(sentence: str) -> str:
    """The first verb of a sentence about several: "When do the fireworks begin?"."""
    many = {"is": "are", "was": "were", "does": "do", "has": "have"}
    return re.sub(r"\b(is|was|does|has)\b", lambda found: many[found[0].lower()], sentence, count=1, flags=re.I)


def _agreeing(reply: str) -> str:
    """Fireworks are several: "The fireworks appear", "there are no fireworks"."""
    reply = re.sub(r"\bfireworks (appear|come|last)s\b", r"fireworks \1", reply)
    return re.sub(r"\bfireworks is\b", "fireworks are", re.sub(r"\b([Tt])here is (?=(no )?fireworks)", r"\1here are ", reply))


def _fill(sentence: str, draft: Draft) -> tuple[str, list[Lookup]]:
    """The sentence with its slots filled, and where the filled-in names stand."""
    text, lookups = "", []
    for part in re.split(r"(\{[\w ]+\})", sentence):
        if not part.startswith("{"):
            text += part
            continue
        slot = part[1:-1].removeprefix("a ")
        name = plural(draft.slots["thing"]) if slot == "things" else draft.slots[slot]
        slot = "thing" if slot == "things" else slot
        if part.startswith("{a ") and name not in WEATHERS:
            text += "the " if name in ORDINALS else a_or_an(name)[: -len(name)]
        if slot in draft.marks:
            what = draft.marks[slot]
            lookups.append(Lookup(len(text), len(text) + len(name), what.kind, what.frames, what.event))
        text += _phrase(name) if slot in ("thing", "other", "third") else name
    return text, lookups


def _said_freely(rng: np.random.Generator, sentence: str, held_out: list[str]) -> str:
    """Most sentences in other words or loosely; never one that is held out."""
    free = rephrased(rng, sentence) if rng.random() < 0.45 else sentence
    if rng.random() < 0.4:
        free = loosened(rng, free)
    plain = lambda text: re.sub(r"[^a-z{} ]", "", text.lower()).strip()
    return sentence if plain(free) in map(plain, held_out) else free


def _as_typed(rng: np.random.Generator, text: str, lookups: list[Lookup], varied: bool) -> tuple[str, list[Lookup]]:
    """People leave out capitals and the last mark, and add words that mean nothing."""
    if varied and rng.random() < 0.15:
        lead = LEADS[int(rng.integers(0, len(LEADS)))]
        text = lead + text[0].lower() + text[1:]
        lookups = [replace(x, start=x.start + len(lead), end=x.end + len(lead)) for x in lookups]
    if varied and rng.random() < 0.1 and text[-1] in "?.":
        text = text[:-1] + ENDINGS[int(rng.integers(0, len(ENDINGS)))]
    if rng.random() < 0.25:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.25 and text[-1] in "?." and len(text) > 4:
        text = text[:-1]
    return text, lookups


def build(rng: np.random.Generator, kind: str, draft: Draft, patterns: Patterns, wording: Wording, choice: bool, follow_up: str | None = None) -> Question:
    """A draft in words, with options where `choice` asks for them and the kind has some."""
    pool = patterns[0 if wording == "train" else 1]
    sentence = expand(rng, pool[int(rng.integers(0, len(pool)))])
    if wording == "train":
        sentence = _said_freely(rng, sentence, patterns[1])
    if draft.slots.get("thing") == "fireworks" and rng.random() < 0.7:
        sentence = _of_many(sentence)
    text, lookups = _as_typed(rng, *_fill(sentence, draft), varied=wording == "train")
    task, topic = task_of(kind)
    options = None
    reply, answer, values = _agreeing(draft.reply), draft.answer, draft.values
    steps, at = [], 0
    if choice and draft.option is not None:
        options = [draft.wrong[k] for k in rng.permutation(len(draft.wrong))[:3]]
        options.insert(int(rng.integers(0, len(options) + 1)), draft.option)
        answer = LETTERS[options.index(draft.option)]
        reply, values = f"{answer}. {draft.option}", LETTERS[: len(options)]
        text += "".join(f"\n{letter}. {option}" for letter, option in zip(LETTERS, options))
    spoken = f"{draft.option}, so {answer}." if options else reply
    for word, event in draft.steps:
        found = spoken.find(word, at)
        if found >= 0:
            steps.append(Step(found, event))
            at = found + len(word)
    return Question(
        kind, task, topic, "multiple-choice" if options else "open-ended", text, options, reply, answer, values, draft.evidence, lookups, steps,
        [] if options else draft.facts, draft.subject, follow_up,
    )  # fmt: skip


def ask(rng: np.random.Generator, story: Story, kind: str, wording: Wording = "train", choice: bool = False) -> Question | None:
    """A question of one of KINDS; None where this story offers none. With `choice`, one with options. Raises KeyError for an unknown kind."""
    if kind in ("unrelated", "small_talk"):
        return _manner(rng, kind, wording)
    made = DRAFTS[kind](rng, story)
    if made is None:
        return None
    words, draft = made if kind in BORROWED else (kind, made)
    return build(rng, kind, draft, _patterns(rng, kind, words, draft), wording, choice or kind == "letter")


def _patterns(rng: np.random.Generator, kind: str, words: str, draft: Draft) -> Patterns:
    if kind == "visit":
        return VISITS[words]
    if words in IT_DOES and draft.slots.get("thing") in IT_DOES_NAMES and rng.random() < 0.4:
        return IT_DOES[words]
    return WORDINGS[words]


def _manner(rng: np.random.Generator, kind: str, wording: Wording) -> Question:
    """What has nothing to do with the town: declined where it is about the video, told so where it is not."""
    if kind == "unrelated":
        text, reply, answer = unrelated(rng, wording), UNSEEN, "don't see"
    else:
        text, reply, answer = small_talk(rng, wording), SMALL_TALK_REPLY, "Pebble Town"
    text, _ = _as_typed(rng, text, [], False)
    return Question(kind, *task_of(kind), "open-ended", text, None, reply, answer, [answer], [], [], [])


def follow(rng: np.random.Generator, story: Story, before: Question, wording: Wording = "train") -> Question | None:
    """A question that is understood only after `before`; None where none can be asked."""
    subject = before.subject
    if subject is None or before.kind not in (*AND_DETAIL, "exist", "check") or len(story.of(subject)) != 1 or before.options:
        return None
    way = FOLLOW_UPS[int(rng.choice(3, p=[0.45, 0.35, 0.2]))]
    if way == "and_thing":
        if before.kind not in ("colour", "place", "when", "action", "companion", "next", "describe") or subject >= len(THINGS) - len(SIGNS):
            return None
        if rng.random() < 0.25:
            thing = story.absent[int(rng.integers(0, len(story.absent)))]
            draft = Draft(UNSEEN, "don't see", ["don't see"], [], **named(story, thing))
            return build(rng, "absent", draft, AND_THING, wording, False, way)
        others = [story.of(thing)[0] for thing in story.singles]
        if before.kind in ("place", "when", "describe"):
            others += story.weathers()
        others = [event for event in others if event.thing != subject]
        draft = ABOUT[before.kind](rng, story, others[int(rng.integers(0, len(others)))])
        return draft and build(rng, before.kind, draft, AND_THING, wording, False, way)
    if way == "and_after" and before.kind == "next":
        return None
    kinds = [kind for kind in AND_DETAIL if kind != before.kind]
    kind = "next" if way == "and_after" else kinds[int(rng.integers(0, len(kinds)))]
    draft = ABOUT[kind](rng, story, story.of(subject)[0])
    if draft is None:
        return None
    # "It" has to be resolved first: found like a spot, not by a name.
    it = "that" if way == "and_after" else "it"
    what = mark(story, subject)
    draft = replace(draft, slots={"it": it}, marks={"it": Mark("spot", what.frames, what.event)})
    return build(rng, kind, draft, AND_AFTER if way == "and_after" else AND_DETAIL[kind], wording, False, way)

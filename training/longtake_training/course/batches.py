"""Makes training batches: videos as frame numbers, conversations as token ids, and what the heads should say.

All rows of a batch have videos of one length; their questions differ. Text is padded on its right: the decoder is
causal, and MemAug gets a mask.
"""

from dataclasses import dataclass

import numpy as np

from ..model.memory import repeat_to_minimum
from ..prompt import PromptCodec, time_instruction
from ..town.draft import LETTERS
from ..town.questions import CHOICE_KINDS, KINDS, FOLLOW_UPS, Question, Wording, ask, follow
from ..town.story import Event, Split, Story, plan_video
from ..town.vocabulary import ACTIONS, COLOURS, DURATIONS, PLACES, SIDES, THINGS

#: What is tracked apart: open questions, multiple choice, follow-ups.
ASKED = [*KINDS, *(f"mc_{kind}" for kind in CHOICE_KINDS if kind != "letter")]
TRACKED = [*ASKED, *FOLLOW_UPS]
MOST_FRAMES = 6  # events of one look-up
MOST_TURNS = 6
#: What a look is at: a name, a time, a spot of the video, an event from within a reply, the end of an option (whose
#: "frame" is its letter's number), somebody who lives here (its frame is one of many that show it).
NAME, TIME, SPOT, STEP, OPTION, RESIDENT = 1, 2, 3, 4, 5, 6
_KIND_OF_MARK = {"name": NAME, "time": TIME, "spot": SPOT, "resident": RESIDENT}
#: The columns of a batch's table of events.
EVENT_COLUMNS = ("thing", "first", "past", "place", "companion", "colour", "action", "side", "brings", "cause", "duration", "next_place")
#: Loss weights of reply tokens: those that carry the answer, those of the sentence around it, the turn's end.
_ANSWER, _SENTENCE, _END = 1.0, 0.1, 0.05
FOLLOW_SHARE = 0.3


@dataclass(frozen=True)
class Turn:
    question: Question
    name: str  # in TRACKED

    @property
    def reply(self) -> str:
        return self.question.spoken


@dataclass
class Batch:
    """Arrays of one batch; frames are those in the memory (a video under 128 is repeated)."""

    seconds: int
    arrays: dict[str, np.ndarray]
    stories: list[Story]
    conversations: list[list[Turn]]


def converse(
    rng: np.random.Generator, story: Story, turns: int, weights: np.ndarray, wording: Wording, follow_share: float = FOLLOW_SHARE
) -> list[Turn]:
    """Up to `turns` questions with their names; weights [ASKED] say how often each is asked, follow_share how often one follows up."""
    made: list[Turn] = []
    shares = weights / weights.sum()
    for _ in range(4 * turns):
        if len(made) == turns:
            break
        if made and rng.random() < follow_share:
            question = follow(rng, story, made[-1].question, wording)
            if question:
                made.append(Turn(question, question.follow_up or ""))
                continue
        name = ASKED[int(rng.choice(len(ASKED), p=shares))]
        question = ask(rng, story, name.removeprefix("mc_"), wording, choice=name.startswith("mc_"))
        if question:
            made.append(Turn(question, name))
    return made


class BatchMaker:
    def __init__(self, codec: PromptCodec, split: Split = "train", wording: Wording = "train"):
        self.codec, self.split, self.wording = codec, split, wording
        words = [*THINGS, *COLOURS, *PLACES, *ACTIONS, *SIDES, *map(str, DURATIONS), "yes", "no", "goes", "grows", "stays", "moves", "before", "after"]
        words += ["half", "hardly", "quarter", "nothing", "lives", "see"]
        words = {*words, *(word.capitalize() for word in words), *LETTERS, *"0123456789"}
        texts = [text for word in words for text in (word, " " + word)]
        self.answer_tokens = {ids[0] for ids in map(codec.ids, texts) if len(ids) == 1}

    def make(self, rng: np.random.Generator, seconds: int, size: int, weights: np.ndarray, turns: int | None = None, follow_share: float = FOLLOW_SHARE) -> Batch:
        """`size` conversations, each about its own video of `seconds`; `turns` or a random number of questions."""
        stories, conversations = [], []
        while len(stories) < size:
            story = plan_video(rng, seconds, self.split)
            count = turns or int(rng.choice(np.arange(1, MOST_TURNS + 1), p=[0.15, 0.15, 0.15, 0.2, 0.2, 0.15]))
            conversation = converse(rng, story, count, weights, self.wording, follow_share)
            if conversation:
                stories.append(story)
                conversations.append(conversation)
        return self.batch(rng, stories, conversations)

    def batch(self, rng: np.random.Generator, stories: list[Story], conversations: list[list[Turn]], source: np.ndarray | None = None) -> Batch:
        """The arrays of given conversations; source are the seconds that stand in the memory."""
        seconds = stories[0].seconds
        fraction = 0.0 if rng.random() < 0.6 else float(rng.random())
        instruction = list(self.codec.encode(time_instruction(seconds - fraction, seconds))[0])
        source = repeat_to_minimum(seconds) if source is None else source
        rows = [self._row(story, turns, instruction, source) for story, turns in zip(stories, conversations)]
        return Batch(seconds, {**_video_arrays(stories, source), **_text_arrays(rows, self.codec.ids("<|endoftext|>")[0])}, stories, conversations)

    def _row(self, story: Story, turns: list[Turn], instruction: list[int], source: np.ndarray) -> dict[str, list]:
        codec = self.codec
        text, memaug = list(instruction), codec.seen_by_memaug(instruction)
        weight, number, looks, choices = [0.0] * len(text), [0] * len(text), [], []
        find = lambda event: story.events.index(event) if event else -1
        frames = lambda seconds: np.searchsorted(source, list(seconds)).tolist()
        for index, turn in enumerate(turns):
            if index:
                text += codec.before_question[1:]  # the first is the reply's <|im_end|>, already there
                memaug += codec.user
            question = turn.question
            ids, offsets = codec.encode(question.text)
            token_at = lambda end: max(k for k, (start, _) in enumerate(offsets) if start < end)
            for look in question.lookups:
                looks.append((len(text) + token_at(look.end), _KIND_OF_MARK[look.kind], frames(look.frames), find(look.event)))
            options = [len(text) + token_at(end) for end in _option_ends(question)]
            looks += [(position, OPTION, [letter], -1) for letter, position in enumerate(options)]
            text += [*ids, *codec.before_reply]
            memaug += codec.seen_by_memaug(ids)
            weight += [0.0] * (len(text) - len(weight))
            reply, spans = codec.encode(turn.reply)
            for step in question.steps:
                before = max((k for k, (start, _) in enumerate(spans) if start <= step.start), default=0) - 1
                looks.append((len(text) + before, STEP, frames([step.event.start]), find(step.event)))
            weight += [_ANSWER if k == 0 or t in self.answer_tokens else _SENTENCE for k, t in enumerate(reply)] + [_END]
            if options:  # the token before the letter looks at the right option
                choices.append((len(text) + len(reply) - 3, options[LETTERS.index(question.answer)]))
            text += [*reply, codec.end[0]]
            number += [index] * (len(text) - len(number))
        names = [TRACKED.index(turn.name) for turn in turns]
        return {"text": text, "weight": weight, "turn": number, "looks": looks, "choices": choices, "memaug": memaug, "names": names}


def _option_ends(question: Question) -> list[int]:
    """Characters at which the options end."""
    ends, end = [], len(question.text)
    for option in reversed(question.options or []):
        ends.append(end)
        end -= len("\nA. ") + len(option)
    return ends[::-1]


def _padded(lists: list[list], fill: float, dtype: type) -> np.ndarray:
    """Lists of rows of equal shape -> one array, short lists filled up."""
    longest = max(1, max(map(len, lists)))
    shape = next((np.shape(one[0]) for one in lists if one), ())
    out = np.full((len(lists), longest, *shape), fill, dtype)
    for row, one in enumerate(lists):
        if one:
            out[row, : len(one)] = one
    return out


def _text_arrays(rows: list[dict[str, list]], pad: int) -> dict[str, np.ndarray]:
    every = lambda key: [row[key] for row in rows]
    looks = every("looks")
    fixed = lambda frames: (frames[:MOST_FRAMES] + [-1] * MOST_FRAMES)[:MOST_FRAMES]
    return {
        "text": _padded(every("text"), pad, np.int32),
        "weight": _padded(every("weight"), 0, np.float32),
        "turn": _padded(every("turn"), 0, np.int8),
        "names": _padded(every("names"), -1, np.int16),
        "memaug_text": _padded(every("memaug"), -1, np.int32),
        "choice": _padded(every("choices"), -1, np.int32).reshape(len(rows), -1, 2) if any(every("choices")) else np.full((len(rows), 1, 2), -1, np.int32),
        "look_at": _padded([[look[0] for look in row] for row in looks], 0, np.int32),
        "look_kind": _padded([[look[1] for look in row] for row in looks], 0, np.int8),
        "look_frames": _padded([[fixed(look[2]) for look in row] or [[-1] * MOST_FRAMES] for row in looks], -1, np.int32),
        "look_event": _padded([[look[3] for look in row] for row in looks], -1, np.int32),
    }


def _video_arrays(stories: list[Story], source: np.ndarray) -> dict[str, np.ndarray]:
    """Per memory frame: bank number, the thing that is there (-1: none), own second; and the table of events."""
    things, tables = [], []
    for story in stories:
        thing = np.full(story.seconds, -1, np.int8)
        for event in story.events:
            thing[event.start : event.end] = event.thing
        things.append(thing[source])
        tables.append([_event_row(story, event, source) for event in story.events] or [[-1] * len(EVENT_COLUMNS)])
    return {
        "frame_index": np.stack([story.frame_index[source] for story in stories]).astype(np.int32),
        "thing": np.stack(things),
        "frame_second": source.astype(np.int32),
        "events": _padded(tables, -1, np.int32),
    }


def _event_row(story: Story, event: Event, source: np.ndarray) -> list[int]:
    first, past = np.searchsorted(source, [event.start, event.end])
    visit = event.colour >= 0
    return [
        event.thing, int(first), int(past), event.place, event.companion, event.colour, event.action, event.side,
        event.brings + 1 if visit else -1, event.cause, event.duration, story.next_place(event) if event.duration < 0 else -1,
    ]  # fmt: skip

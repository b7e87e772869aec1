"""Makes training batches: videos as frame indices, conversations as token ids, and what the heads should say.

All rows of a batch have videos of one length and the same kinds of questions with equally many tokens, so that
MemAug, which attends in both directions, needs no padding. Only the decoder's text is padded, on its right.
"""

from dataclasses import dataclass

import numpy as np

from .model.memory import repeat_to_minimum
from .prompt import PromptCodec, time_instruction
from .rewording import reword
from .world.questions import LETTERS, Question, Wording, ask
from .world.story import Split, Story, plan_video
from .world.vocabulary import ACTIONS, ACTORS, COLOURS, PLACES

MOST_FRAMES = 6  # events of one look-up
#: What a look is at: an actor, a time, or the end of an option (whose "frame" is its letter's number).
ACTOR_LOOKUP, TIME_LOOKUP, OPTION_LOOKUP = 1, 2, 3
_TRIES = 60
#: Loss weights of reply tokens: those that carry the answer, those of the sentence around it, the turn's end.
_ANSWER, _SENTENCE, _END = 1.0, 0.1, 0.05


@dataclass
class Turn:
    question: Question
    reply: str


@dataclass
class Batch:
    """Arrays of one batch; `frames` counts those in the memory (a video under 128 is repeated)."""

    seconds: int
    kinds: list[str]
    arrays: dict[str, np.ndarray]
    conversations: list[list[Turn]]


def spoken_reply(question: Question) -> str:
    """The reply to learn. Multiple choice says the text before the letter: letters alone stay at chance."""
    if question.options is None:
        return question.reply
    letter, text = question.reply.split(". ", 1)
    return f"{text}, so {letter}."


class BatchMaker:
    def __init__(self, codec: PromptCodec, split: Split = "train", wording: Wording = "train", rewords: bool = False):
        self.codec, self.split, self.wording, self.rewords = codec, split, wording, rewords
        words = [*ACTORS, *COLOURS, *PLACES, *ACTIONS, "yes", "no", "goes", "grows", "stays", "moves"]
        words = {*words, *(word.capitalize() for word in words), *"ABCD", *"0123456789"}
        texts = [text for word in words for text in (word, " " + word)]
        self.answer_tokens = {ids[0] for ids in map(codec.ids, texts) if len(ids) == 1}

    def make(self, rng: np.random.Generator, seconds: int, size: int, kinds: list[str]) -> Batch:
        """`size` conversations, one turn for each of `kinds`, each about its own video of `seconds`."""
        fraction = 0.0 if rng.random() < 0.6 else float(rng.random())
        instruction = list(self.codec.encode(time_instruction(seconds - fraction, seconds))[0])
        lengths = self._usual_lengths(rng, seconds, kinds) if self.rewords else [None] * len(kinds)
        stories: list[Story] = []
        conversations: list[list[Turn]] = []
        while len(stories) < size:
            story = plan_video(rng, seconds, self.split)
            turns = self._turns(rng, story, kinds, lengths)
            if turns is None:
                continue
            if not stories:
                lengths = [known or self._length(turn.question.text) for known, turn in zip(lengths, turns)]
            stories.append(story)
            conversations.append(turns)
        source = repeat_to_minimum(seconds)
        arrays = {**_video_arrays(stories, source), **self._text_arrays(conversations, instruction, source)}
        return Batch(seconds, kinds, arrays, conversations)

    def _usual_lengths(self, rng: np.random.Generator, seconds: int, kinds: list[str]) -> list[int | None]:
        """A length for each turn, common ones more often: with many wordings, few questions have a rare one."""
        story = plan_video(rng, seconds, self.split)
        usual: list[int | None] = []
        for kind in kinds:
            questions = [ask(rng, story, kind, self.wording) for _ in range(40)]
            lengths = [self._length(reword(rng, question).text) for question in questions if question]
            values, counts = np.unique(lengths, return_counts=True)
            usual.append(int(rng.choice(values, p=counts**2 / (counts**2).sum())) if lengths else None)
        return usual

    def _length(self, text: str) -> int:
        """Tokens of a question that MemAug sees; line breaks between options do not count."""
        return len(self.codec.seen_by_memaug(self.codec.encode(text)[0]))

    def _turns(self, rng, story: Story, kinds: list[str], lengths: list[int | None]) -> list[Turn] | None:
        turns = []
        for kind, length in zip(kinds, lengths):
            for _ in range(_TRIES):
                question = ask(rng, story, kind, self.wording)
                if question and self.rewords:
                    question = reword(rng, question)
                if question and length in (None, self._length(question.text)):
                    turns.append(Turn(question, spoken_reply(question)))
                    break
            else:
                return None
        return turns

    def _text_arrays(self, conversations: list[list[Turn]], instruction: list[int], source: np.ndarray) -> dict[str, np.ndarray]:
        rows = [self._row(turns, instruction, source) for turns in conversations]
        size, longest = len(rows), max(len(row["text"]) for row in rows)
        looks = max(1, max(len(row["looks"]) for row in rows))
        pad = self.codec.tokenizer.token_to_id("<|endoftext|>")
        text = np.full((size, longest), pad, np.int32)
        weight, turn = np.zeros((size, longest), np.float32), np.zeros((size, longest), np.int8)
        look_at, look_kind = np.zeros((size, looks), np.int32), np.zeros((size, looks), np.int8)
        look_frames = np.full((size, looks, MOST_FRAMES), -1, np.int32)
        for number, row in enumerate(rows):
            length = len(row["text"])
            text[number, :length], weight[number, :length], turn[number, :length] = row["text"], row["weight"], row["turn"]
            for index, (position, kind, frames) in enumerate(row["looks"]):
                look_at[number, index], look_kind[number, index] = position, kind
                look_frames[number, index, : len(frames)] = frames[:MOST_FRAMES]
        choices = max(1, max(len(row["choices"]) for row in rows))
        choice = np.full((size, choices, 2), -1, np.int32)
        for number, row in enumerate(rows):
            choice[number, : len(row["choices"])] = np.array(row["choices"], np.int32).reshape(-1, 2)
        return {
            "choice": choice, "text": text, "weight": weight, "turn": turn, "memaug_text": np.array([row["memaug"] for row in rows], np.int32),
            "look_at": look_at, "look_kind": look_kind, "look_frames": look_frames,
        }  # fmt: skip

    def _row(self, turns: list[Turn], instruction: list[int], source: np.ndarray) -> dict[str, list]:
        codec = self.codec
        text, memaug = list(instruction), codec.seen_by_memaug(instruction)
        weight, number, looks, choices = [0.0] * len(text), [0] * len(text), [], []
        for index, turn in enumerate(turns):
            if index:
                text += codec.before_question[1:]  # the first is the reply's <|im_end|>, already there
                memaug += codec.user
            ids, offsets = codec.encode(turn.question.text)
            for lookup in turn.question.lookups:
                last = max(k for k, (start, _) in enumerate(offsets) if start < lookup.end)
                kind = TIME_LOOKUP if turn.question.text[lookup.start].isdigit() else ACTOR_LOOKUP
                looks.append((len(text) + last, kind, np.searchsorted(source, lookup.frames).tolist()))
            options = self._option_ends(turn.question, offsets, len(text))
            looks += [(position, OPTION_LOOKUP, [letter]) for letter, position in enumerate(options)]
            text += [*ids, *codec.before_reply]
            memaug += codec.seen_by_memaug(ids)
            weight += [0.0] * (len(text) - len(weight))
            reply, _ = codec.encode(turn.reply)
            weight += [_ANSWER if k == 0 or t in self.answer_tokens else _SENTENCE for k, t in enumerate(reply)] + [_END]
            if options:  # the token before the letter looks at the right option
                choices.append((len(text) + len(reply) - 3, options[LETTERS.index(turn.question.answer)]))
            text += [*reply, codec.end[0]]
            number += [index] * (len(text) - len(number))
        return {"text": text, "weight": weight, "turn": number, "looks": looks, "choices": choices, "memaug": memaug}

    @staticmethod
    def _option_ends(question: Question, offsets: tuple[tuple[int, int], ...], start: int) -> list[int]:
        """Positions of the last token of each option."""
        ends, end = [], len(question.text) + 1
        for option in reversed(question.options or []):
            end -= 1
            ends.append(start + max(k for k, (first, _) in enumerate(offsets) if first < end))
            end -= len(option) + len("A. ")
        return ends[::-1]


def _video_arrays(stories: list[Story], source: np.ndarray) -> dict[str, np.ndarray]:
    """Per memory frame: bank index, memory frame where its event starts (-1 outside), next place, own second."""
    starts = []
    for story in stories:
        start = story.event_start[source]
        starts.append(np.where(start >= 0, np.searchsorted(source, start), -1))
    return {
        "frame_index": np.stack([story.frame_index[source] for story in stories]).astype(np.int32),
        "event_start": np.stack(starts).astype(np.int32),
        "next_place": np.stack([story.next_place[source] for story in stories]).astype(np.int8),
        "frame_second": source.astype(np.int32),
    }

"""How often a checkpoint's own replies are right, on looks that training never saw."""

import re
from dataclasses import dataclass, field

import numpy as np
import torch

from ..generate import generate
from ..model.hour_llava import HourLlava
from ..model.memory import retained_frames
from ..prompt import PromptCodec
from ..town.draft import LETTERS
from ..town.questions import Question, Wording
from .batches import ASKED, FOLLOW_UPS, TRACKED, Batch, BatchMaker, converse
from .losses import Sight


def _normal(text: str) -> str:
    """Words alone: a colon inside a time belongs to it, other marks do not count."""
    return " " + re.sub(r"[^\w\0]+", " ", re.sub(r"(?<=\d):(?=\d)", "\0", text)).strip() + " "


def names(reply: str, answer: str, values: list[str]) -> bool:
    """Whether the reply names the answer and no other of the values. Letters count only as capitals."""
    fold = (lambda x: x) if set(values) <= set(LETTERS) else str.lower
    said = fold(_normal(reply))
    return {value for value in {*values, answer} if fold(_normal(value)) in said} == {answer}


def is_right(question: Question, reply: str) -> bool:
    pairs = question.facts or [(question.answer, question.values)]
    return all(names(reply, answer, values) for answer, values in pairs)


def declined(reply: str) -> bool:
    return names(reply, "don't see", [])


@dataclass
class Score:
    """Counts of one kind at one length."""

    asked: int = 0
    right: int = 0
    declined: int = 0
    not_shown: list[int] = field(default_factory=lambda: [0, 0])  # right and all, of events that no retained frame shows
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, question: Question, reply: str, shown: bool) -> None:
        good = is_right(question, reply)
        self.asked += 1
        self.right += good
        self.declined += declined(reply)
        if question.evidence and not shown:
            self.not_shown[0] += good
            self.not_shown[1] += 1
        if not good and len(self.wrong) < 6:
            self.wrong.append((question.text, reply, question.spoken))

    def summary(self) -> dict:
        percent = lambda a, b: round(100 * a / b, 1) if b else None
        return {"right": percent(self.right, self.asked), "n": self.asked, "declined": percent(self.declined, self.asked), "not_shown": percent(*self.not_shown)}


@dataclass(frozen=True)
class Setting:
    """One evaluation: which videos, which wording, how many turns before the one that is scored, what the model gets to see."""

    seconds: int
    asked: int = 128
    wording: Wording = "train"
    earlier_turns: int = 0
    sight: Sight = Sight()
    seed: int = 1234


class Scorer:
    def __init__(self, model: HourLlava, codec: PromptCodec, bank: torch.Tensor, device: str):
        self.model, self.codec, self.bank, self.device = model, codec, bank, device
        self.prefix = torch.tensor([codec.seen_by_memaug(codec.prefix)], device=device)

    def run(self, setting: Setting, kinds: list[str] | None = None) -> dict[str, Score]:
        """Asks every kind (TRACKED) the same number of times."""
        scores: dict[str, Score] = {}
        kept = retained_frames(max(setting.seconds, 128))
        if setting.seconds < 128:
            kept = np.unique(np.linspace(0, setting.seconds - 1, 128, dtype=int)[kept])
        for number, kind in enumerate(TRACKED):
            if kinds and kind not in kinds:
                continue
            rng = np.random.default_rng([setting.seed, setting.seconds, number])
            score = scores[kind] = Score()
            size = min(setting.asked, 64 if self.device == "cuda" else 8)
            while score.asked < setting.asked:
                batch = self._batch(rng, setting, kind, size)
                for turns, reply in zip(batch.conversations, self._replies(batch, setting.sight)):
                    question = turns[-1].question
                    shown = any(((kept >= start) & (kept < end)).any() for start, end in question.evidence)
                    score.add(question, reply, shown)
        return scores

    def _batch(self, rng: np.random.Generator, setting: Setting, kind: str, size: int) -> Batch:
        """Conversations whose last turn is of the kind; a follow-up brings its own earlier turn."""
        maker = BatchMaker(self.codec, "test", setting.wording)
        weights, every = np.zeros(len(ASKED)), np.ones(len(ASKED))
        stories, conversations = [], []
        while len(stories) < size:
            if kind in FOLLOW_UPS:
                one = maker.make(rng, setting.seconds, 1, every, 6)
                turns = one.conversations[0]
                last = next((k for k, turn in enumerate(turns) if turn.name == kind), None)
                turns = turns[: last + 1] if last is not None else []
            else:
                weights[ASKED.index(kind)] = 1
                one = maker.make(rng, setting.seconds, 1, weights, 1)
                turns = one.conversations[0]
            if turns:
                stories.append(one.stories[0])
                conversations.append(turns)
        if setting.earlier_turns:
            conversations = [[*converse(rng, story, setting.earlier_turns, every, "train")[:3], turns[-1]] if kind not in FOLLOW_UPS else turns
                             for story, turns in zip(stories, conversations)]  # fmt: skip
        return maker.batch(rng, stories, conversations)

    @torch.no_grad()
    def _replies(self, batch: Batch, sight: Sight) -> list[str]:
        arrays = batch.arrays
        index = torch.from_numpy(arrays["frame_index"]).to(self.device).long() % len(self.bank)
        text = torch.from_numpy(arrays["memaug_text"]).to(self.device).long()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            features = self.bank.index_select(0, index.flatten()).view(*index.shape, *self.bank.shape[1:])
            features = features if self.device == "cuda" else features.float()
            features = torch.zeros_like(features) if sight.blind else features
            rows, _ = self.model.augment(features, self.prefix.expand(len(index), -1), text, sight.decayed_only, padded=True)
            prompts = [self._prompt(arrays, row, len(turns) - 1) for row, turns in enumerate(batch.conversations)]
            ids = generate(self.model, self.codec.prefix, rows, prompts, self.codec.end[0], limit=48)
        return [self.codec.tokenizer.decode(x) for x in ids]

    @staticmethod
    def _prompt(arrays: dict[str, np.ndarray], row: int, turn: int) -> list[int]:
        replied = (arrays["weight"][row] > 0) & (arrays["turn"][row] == turn)
        return arrays["text"][row, : int(np.argmax(replied))].tolist()


def table(results: dict[str, dict[str, Score]]) -> str:
    """Percent right by kind (lines) and setting (columns)."""
    kinds = list(dict.fromkeys(kind for scores in results.values() for kind in scores))
    lines = ["kind".ljust(20) + "".join(name.rjust(22) for name in results)]
    for kind in kinds:
        cells = []
        for scores in results.values():
            one = scores[kind].summary() if kind in scores else None
            extra = "" if one is None or one["not_shown"] is None else f" [{one['not_shown']:.0f}]"
            cells.append("-".rjust(22) if one is None else f"{one['right']}{extra} ({one['declined']:.0f})".rjust(22))
        lines.append(kind.ljust(20) + "".join(cells))
    means = [np.mean([score.summary()["right"] for score in scores.values()]) for scores in results.values()]
    return "\n".join([*lines, "mean".ljust(20) + "".join(f"{mean:.1f}".rjust(22) for mean in means)])

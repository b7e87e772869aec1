"""How often the model's own replies are right, on videos made of looks that training never saw."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import torch

from .data import BatchMaker, Turn
from .generate import generate
from .model.hour_llava import HourLlava
from .model.memory import retained_frames
from .prompt import PromptCodec
from .world.questions import LETTERS, KINDS
from .world.story import Split


def mentions(reply: str, answer: str, values: list[str]) -> bool:
    """Whether the reply names the answer and no other of the values. Letters count only as capitals."""
    flags = 0 if values == LETTERS else re.IGNORECASE
    named = {value for value in values if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", reply, flags)}
    return named == {answer}


def is_right(turn: Turn, reply: str) -> bool:
    question = turn.question
    pairs = question.facts or [(question.answer, question.values)]
    return all(mentions(reply, answer, values) for answer, values in pairs)


@dataclass
class Score:
    """Counts of one kind at one length; shown: a retained frame shows the event."""

    asked: int = 0
    right: int = 0
    by_shown: dict[bool, list[int]] = field(default_factory=lambda: {True: [0, 0], False: [0, 0]})
    seconds_off: list[int] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, turn: Turn, reply: str, shown: bool) -> None:
        good = is_right(turn, reply)
        self.asked += 1
        self.right += good
        self.by_shown[shown][0] += good
        self.by_shown[shown][1] += 1
        if not good and len(self.wrong) < 6:
            self.wrong.append((turn.question.text, reply, turn.reply))
        said, true = _clock(reply), _clock(turn.reply)
        if turn.question.kind in ("when", "mc_when") and said is not None and true is not None:
            self.seconds_off.append(abs(said - true))

    def summary(self) -> dict:
        percent = lambda a, b: round(100 * a / b, 1) if b else None
        out = {"right": percent(self.right, self.asked), "n": self.asked}
        out["shown"], out["not_shown"] = (percent(*self.by_shown[x]) for x in (True, False))
        if self.seconds_off:
            out["within_10_s"] = percent(sum(x <= 10 for x in self.seconds_off), self.asked)
        return out


def _clock(text: str) -> int | None:
    found = re.search(r"(\d\d):(\d\d)", text)
    return int(found[1]) * 60 + int(found[2]) if found else None


@dataclass(frozen=True)
class Setting:
    """One evaluation: which videos, which wording, how many turns before the one that is scored."""

    seconds: int
    asked: int = 128
    kinds: tuple[str, ...] = tuple(KINDS)
    split: Split = "test"
    wording: str = "train"
    earlier_turns: int = 0
    decayed_only: bool = False
    seed: int = 1234


class Evaluator:
    def __init__(self, model: HourLlava, codec: PromptCodec, bank: torch.Tensor, device: str):
        self.model, self.codec, self.bank, self.device = model, codec, bank, device
        self.end = codec.end[0]

    def run(self, setting: Setting) -> dict[str, Score]:
        scores: dict[str, Score] = {}
        shown_frames = retained_frames(max(setting.seconds, 128))
        if setting.seconds < 128:
            shown_frames = np.unique(np.linspace(0, setting.seconds - 1, 128, dtype=int)[shown_frames])
        for kind in setting.kinds:
            score = scores.setdefault(kind, Score())
            for turns, replies in self._answers(setting, kind):
                for turn, reply in zip(turns, replies):
                    evidence = turn.question.evidence
                    shown = any(((shown_frames >= start) & (shown_frames < end)).any() for start, end in evidence)
                    score.add(turn, reply, bool(shown))
        return scores

    @torch.no_grad()
    def _answers(self, setting: Setting, kind: str) -> Iterator[tuple[list[Turn], list[str]]]:
        maker = BatchMaker(self.codec, setting.split, setting.wording)
        rng = np.random.default_rng([setting.seed, setting.seconds, KINDS.index(kind)])
        size = min(setting.asked, 64 if self.device == "cuda" else 8)
        prefix = torch.tensor([self.codec.seen_by_memaug(self.codec.prefix)], device=self.device)
        for _ in range(0, setting.asked, size):
            earlier = [KINDS[k] for k in rng.integers(0, len(KINDS), setting.earlier_turns)]
            batch = maker.make(rng, setting.seconds, size, [*earlier, kind])
            index = torch.from_numpy(batch.arrays["frame_index"]).to(self.device).long()
            index = index % len(self.bank)
            text = torch.from_numpy(batch.arrays["memaug_text"]).to(self.device).long()
            with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
                features = self.bank.index_select(0, index.flatten()).view(*index.shape, *self.bank.shape[1:])
                features = features if self.device == "cuda" else features.float()
                rows, _ = self.model.augment(features, prefix.expand(size, -1), text, setting.decayed_only)
                prompts = [self._prompt(batch.arrays, row, setting.earlier_turns) for row in range(size)]
                ids = generate(self.model, self.codec.prefix, rows, prompts, self.end)
            yield [turns[-1] for turns in batch.conversations], [self.codec.tokenizer.decode(x) for x in ids]

    @staticmethod
    def _prompt(arrays: dict[str, np.ndarray], row: int, turn: int) -> list[int]:
        replied = (arrays["weight"][row] > 0) & (arrays["turn"][row] == turn)
        return arrays["text"][row, : int(np.argmax(replied))].tolist()


def table(results: dict[str, dict[str, Score]]) -> str:
    """Percent right by kind (lines) and setting (columns)."""
    kinds = list(dict.fromkeys(kind for scores in results.values() for kind in scores))
    lines = ["kind".ljust(12) + "".join(name.rjust(16) for name in results)]
    for kind in kinds:
        cells = []
        for scores in results.values():
            cell = scores[kind].summary() if kind in scores else {"right": "-"}
            extra = f"({cell['within_10_s']:.0f})" if "within_10_s" in cell else f"[{cell['not_shown']:.0f}]" if cell.get("not_shown") is not None else ""
            cells.append(f"{cell['right']} {extra}".rjust(16))
        lines.append(kind.ljust(12) + "".join(cells))
    return "\n".join(lines)

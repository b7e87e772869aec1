"""What the tokenizer is trained on: prompts, questions and replies of the town, nothing else."""

from collections.abc import Iterator

import numpy as np

from ..prompt import SYSTEM, time_instruction
from ..town.story import plan_video
from ..town.vocabulary import ACTION_PHRASES, ACTION_VERBS, COLOURS, PLACES, THINGS
from .batches import ASKED, converse

#: Names are answers; each has to be one token, so they weigh more than their share.
_NAME_REPEATS = 1500


def corpus(seed: int, conversations: int) -> Iterator[str]:
    """Texts without role marks, as they are encoded."""
    rng = np.random.default_rng(seed)
    phrases = [*ACTION_PHRASES.values(), *ACTION_VERBS.values()]
    names = [*THINGS, *COLOURS, *PLACES, "half", "quarter", "hardly", *(word for phrase in phrases for word in phrase.split())]
    weights = np.ones(len(ASKED))
    for number in range(conversations):
        seconds = int(rng.integers(100, 3601))
        yield f"system\n{SYSTEM}"
        yield "user\n"
        yield time_instruction(seconds, seconds)
        for turn in converse(rng, plan_video(rng, seconds, "train"), 24, weights, "train"):
            yield turn.question.text
            yield f"assistant\n{turn.reply}"
        if number < _NAME_REPEATS:
            yield " ".join(["", *names])
            yield from (*THINGS, *COLOURS, *PLACES)  # without a blank before them, as a reply or a question begins

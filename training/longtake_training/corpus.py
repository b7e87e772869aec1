"""What the tokenizer is trained on: prompts, questions and replies of the world, nothing else."""

from collections.abc import Iterator

import numpy as np

from .data import spoken_reply
from .prompt import SYSTEM, time_instruction
from .world.questions import KINDS, ask
from .world.story import plan_video
from .world.vocabulary import ACTION_PHRASES, ACTORS, COLOURS, PLACES

#: Names are answers; each has to be one token, so they weigh more than their share.
_NAME_REPEATS = 40


def corpus(seed: int, conversations: int) -> Iterator[str]:
    """Texts without role marks, as they are encoded."""
    rng = np.random.default_rng(seed)
    names = [*ACTORS, *COLOURS, *PLACES, *(word for phrase in ACTION_PHRASES.values() for word in phrase.split())]
    for number in range(conversations):
        seconds = int(rng.integers(90, 3601))
        story = plan_video(rng, seconds, "train")
        yield f"system\n{SYSTEM}"
        yield "user\n"
        yield time_instruction(seconds, seconds)
        for kind in KINDS:
            question = ask(rng, story, kind)
            if question is not None:
                yield question.text
                yield f"assistant\n{spoken_reply(question)}"
        if number < _NAME_REPEATS * 10:
            yield " ".join(["", *names])

"""A narrator for the rendered video, who never says what a question asks about."""

import numpy as np

from ..story import Story

_OPENING = [
    "Welcome to Pebble Town. Make yourself comfortable.",
    "A calm day in Pebble Town. Let us take a walk.",
    "This is Pebble Town, where something is always passing by.",
]
_SCENES = [
    "And on we go.",
    "A different corner of town.",
    "Let us stay here for a while.",
    "Quite a view, is it not?",
    "Nobody is in a hurry here.",
    "Listen: you can almost hear the wind.",
    "I have always liked this spot.",
    "Shall we look around?",
    "Another stop on our walk.",
    "Have you been here before?",
    "Keep your eyes open, you never know who turns up.",
    "They say every pebble here has a story.",
    "The light is lovely just now.",
    "Somewhere a door is creaking.",
    "Time passes slowly in a small town.",
    "We have seen a lot already, and there is more.",
]
_CLOSING = "That was our walk. Thank you for your company."


def _stamp(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},000"


def narrate(rng: np.random.Generator, story: Story) -> str:
    """An SRT file: a line at the start of most scenes, in an order that does not follow the story."""
    lines: list[tuple[int, int, str]] = []
    last = -1
    for k, scene in enumerate(story.scenes):
        start, end = scene.start + 1, min(scene.start + 5, scene.end)
        if k == 0:
            text = _OPENING[int(rng.integers(0, len(_OPENING)))]
        elif scene.end >= story.seconds - 1:
            text = _CLOSING
        elif rng.random() < 0.3:
            continue
        else:
            last = (last + int(rng.integers(1, len(_SCENES)))) % len(_SCENES)  # never the same line twice in a row
            text = _SCENES[last]
        if end > start:
            lines.append((start, end, text))
    return "".join(
        f"{k}\n{_stamp(start)} --> {_stamp(end)}\n{text}\n\n" for k, (start, end, text) in enumerate(lines, 1)
    )

"""Measures the world and prints JSON; tests/training/world.test.ts says what the numbers must be."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from longtake_training.world.bank import NFRAMES, bank_params, clip_params, tower_frames  # noqa: E402
from longtake_training.world.draw import render  # noqa: E402
from longtake_training.world.questions import KINDS, ask  # noqa: E402
from longtake_training.world.story import plan_video  # noqa: E402


def digests() -> dict[str, object]:
    """What the trained weights rely on: stories, questions and pictures of fixed seeds."""
    story = plan_video(np.random.default_rng(7), 3600, "train")
    rng = np.random.default_rng(8)
    asked = [ask(rng, story, kind) for kind in KINDS for _ in range(20)]
    texts = "\n".join(f"{question.text}|{question.reply}" for question in asked if question)
    frames = tower_frames(bank_params(torch.arange(0, NFRAMES, 9973)), clean=True)
    return {
        "story": hashlib.sha256(story.frame_index.tobytes()).hexdigest()[:16],
        "questions": hashlib.sha256(texts.encode()).hexdigest()[:16],
        "pictureMeans": [round(float(value), 3) for value in frames.mean((0, 2, 3))],
        "pictureDeviation": round(float(frames.std()), 3),
    }


def balance() -> dict[str, dict[str, float]]:
    """For each kind: how many answers there are and the share of the commonest, over stories of ten minutes."""
    rng = np.random.default_rng(9)
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for _ in range(1000):
        story = plan_video(rng, 600, "test")
        for kind in KINDS:
            question = ask(rng, story, kind)
            if question:
                answers[kind][question.answer] += 1
    return {
        kind: {"answers": len(count), "share": max(count.values()) / sum(count.values())}
        for kind, count in answers.items()
    }


def whole_seconds() -> float:
    """Greatest difference between bank frames and the moving clip at whole phases."""
    index = torch.arange(0, NFRAMES, 24989)
    bank, moving = bank_params(index), clip_params(index // 8, (index % 8).float())
    return float((render(bank, 64, 36) - render(moving, 64, 36)).abs().max())


def decoded(path: str, seed: int) -> dict[str, float]:
    """Mean absolute difference, in 255ths, of a rendered file's seconds and its bank frames at the tower's size."""
    story = plan_video(np.random.default_rng([seed, 0]), 30, "test")
    scale = "fps=1:round=up,scale=112:112:flags=bicubic+accurate_rnd+full_chroma_int:param0=0:param1=0.5"
    raw = subprocess.run(
        [os.environ.get("LONGTAKE_FFMPEG", "ffmpeg"), "-v", "error", "-i", path, "-vf", scale, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    frames = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, 112, 112, 3).copy()).permute(0, 3, 1, 2) / 255
    some = torch.arange(0, min(len(frames), 30), 3)
    params = bank_params(torch.from_numpy(story.frame_index.astype(np.int64))[some])
    clean = tower_frames(params, clean=True)
    degraded = tower_frames(params, generator=torch.Generator().manual_seed(1))
    apart = (frames[some] - clean).abs().mean((1, 2, 3)) * 255
    usual = (degraded - clean).abs().mean((1, 2, 3)) * 255
    return {"frames": len(frames), "greatest": float(apart.max()), "degradedMedian": float(usual.median())}


if __name__ == "__main__":
    torch.set_num_threads(1)  # spinning threads cost more than they gain on a busy machine
    print(json.dumps({
        "digests": digests(), "balance": balance(), "wholeSeconds": whole_seconds(),
        "decoded": decoded(sys.argv[1], int(sys.argv[2])),
    }))  # fmt: skip

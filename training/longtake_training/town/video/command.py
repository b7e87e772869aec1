"""`render`: one video of the town with its questions, for tests, evaluation and as a sample."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..questions import CHOICE_KINDS, VIDEO_KINDS, Question, Wording, ask, follow
from ..story import MAX_SECONDS, MIN_SECONDS, Story, plan_video
from .encode import RenderError, encode_video, find_ffmpeg
from .frames import draw_frames
from .record import as_record
from .subtitles import narrate


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `render` to the command line."""
    parser = commands.add_parser("render", help="render a video of the town with questions about it")
    parser.add_argument("out", type=Path, metavar="OUT.mp4", help="where to write; OUT.json and OUT.srt go beside it")
    parser.add_argument("--seed", type=int, default=1, help="which story (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=10, help="how long (default %(default)s)")
    parser.add_argument("--fps", type=int, default=2, help="frames per second (default %(default)s)")
    parser.add_argument("--width", type=int, default=480, help="pixels, the height follows at 16:9 (default %(default)s)")
    parser.add_argument("--quality", type=int, default=30, help="x264's constant rate factor (default %(default)s)")
    parser.add_argument("--preset", choices=["fast", "medium", "veryslow"], default="fast", help="x264's: slower is smaller (default %(default)s)")
    parser.add_argument("--wording", choices=["train", "held_out"], default="train", help="which question wordings (default %(default)s)")
    parser.add_argument("--questions-per-kind", type=int, default=1, metavar="K", help="(default %(default)s)")
    parser.add_argument("--subtitles", action="store_true", help="write a narrator's lines to OUT.srt")
    parser.add_argument("--questions-only", action="store_true", help="write OUT.json (and OUT.srt) without the video")
    parser.add_argument("--smoke", action="store_true", help="a minute and three quarters, 1 frame per second, 160 pixels wide")
    parser.set_defaults(run=run)


def _check(options: argparse.Namespace) -> tuple[int, int]:
    """Returns seconds and height; raises RenderError for what cannot work."""
    seconds, height = round(options.minutes * 60), round(options.width * 9 / 32) * 2
    for legal, problem in (
        (MIN_SECONDS <= seconds <= MAX_SECONDS, f"--minutes is {options.minutes}: it must be {MIN_SECONDS / 60:.2f} to {MAX_SECONDS // 60}"),
        (1 <= options.fps <= 60, f"--fps is {options.fps}: it must be 1 to 60"),
        (64 <= options.width <= 3840 and options.width % 2 == 0, f"--width is {options.width}: it must be even, 64 to 3840"),
        (0 <= options.quality <= 51, f"--quality is {options.quality}: it must be 0 (lossless) to 51 (worst)"),
        (1 <= options.questions_per_kind <= 20, f"--questions-per-kind is {options.questions_per_kind}: it must be 1 to 20"),
        (options.seed >= 0, f"--seed is {options.seed}: it must not be negative"),
        (options.out.suffix == ".mp4", f"{options.out}: the output must end in .mp4"),
    ):
        if not legal:
            raise RenderError(problem)
    return seconds, height


def pick_questions(rng: np.random.Generator, story: Story, wording: Wording, per_kind: int) -> list[tuple[Question, Question | None]]:
    """Up to per_kind open and as many multiple-choice questions of every kind, and follow-ups with the question before them."""
    picked: list[tuple[Question, Question | None]] = []
    plans = [*((kind, False) for kind in [*VIDEO_KINDS, "unrelated", "small_talk"]), *((kind, True) for kind in CHOICE_KINDS if kind != "letter")]
    for kind, choice in plans:
        found: dict[str, Question] = {}
        for _ in range(3 * per_kind):  # few tries: what a story offers more often must not be asked more often
            question = ask(rng, story, kind, wording, choice)
            if question and len(found) < per_kind:
                found.setdefault(question.text, question)
        picked += [(question, None) for question in found.values()]
    for _ in range(40 * per_kind):
        if sum(before is not None for _, before in picked) >= 3 * per_kind:
            break
        before = ask(rng, story, ("colour", "place", "when", "action", "companion", "next")[int(rng.integers(0, 6))], "train")
        after = before and follow(rng, story, before, wording)
        if before and after:
            picked.append((after, before))
    return picked


def _with_progress(frames: Iterator[tuple[int, bytes]], total: int) -> Iterator[bytes]:
    begun, done, told = time.monotonic(), 0, 0.0
    for count, data in frames:
        yield data
        done += count
        now = time.monotonic()
        if now - told > 10 or done == total:
            told = now
            print(f"{100 * done / total:5.1f} % of {total} frames, {done / (now - begun):.0f} a second", file=sys.stderr, flush=True)


def run(options: argparse.Namespace) -> None:
    """Runs `render`. Raises RenderError for what the user can put right."""
    if options.smoke:
        options.minutes, options.fps, options.width = 1.75, 1, 160
    seconds, height = _check(options)
    out: Path = options.out
    story = plan_video(np.random.default_rng([options.seed, 0]), seconds, "test")
    picked = pick_questions(np.random.default_rng([options.seed, 1]), story, options.wording, options.questions_per_kind)
    record = as_record(out.name, story, options.wording, picked)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if not options.questions_only:
            find_ffmpeg()
            out.with_name(f".{out.stem}.part.mp4").touch()  # an unwritable folder shows now, not after minutes
            frames = _with_progress(draw_frames(story, options.fps, options.width, height), seconds * options.fps)
            encode_video(frames, out, rate=options.fps, width=options.width, height=height, quality=options.quality, preset=options.preset)
        out.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
        if options.subtitles:
            out.with_suffix(".srt").write_text(narrate(np.random.default_rng([options.seed, 2]), story))
    except OSError as error:
        raise RenderError(f"cannot write {error.filename or out}: {error.strerror or error}") from error
    size = "" if options.questions_only else f", {out.stat().st_size / 2**20:.2f} MiB"
    print(f"{out}: {seconds} seconds, {len(story.scenes)} scenes, {len(story.events)} events, {len(picked)} questions{size}")

"""`render`: one video of Pebble Town with its questions, for tests and as a sample."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..questions import KINDS, Question, Wording, ask
from ..story import MAX_SECONDS, MIN_SECONDS, Story, plan_video
from ..vocabulary import ACTORS
from .encode import RenderError, encode_video, find_ffmpeg
from .frames import draw_frames
from .subtitles import narrate

#: "letter" needs no video.
_ASKED = [kind for kind in KINDS if kind != "letter"]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `render` to the command line."""
    parser = commands.add_parser("render", help="render a video of Pebble Town with questions about it")
    parser.add_argument("out", type=Path, metavar="OUT.mp4", help="where to write; OUT.json and OUT.srt go beside it")
    parser.add_argument("--seed", type=int, default=1, help="which story (default %(default)s)")
    parser.add_argument("--minutes", type=float, default=10, help="how long (default %(default)s)")
    parser.add_argument("--fps", type=int, default=8, help="frames per second (default %(default)s)")
    parser.add_argument(
        "--width", type=int, default=640, help="pixels, the height follows at 16:9 (default %(default)s)"
    )
    parser.add_argument("--quality", type=int, default=32, help="x264's constant rate factor (default %(default)s)")
    parser.add_argument(
        "--wording",
        choices=["train", "held_out"],
        default="train",
        help="which question wordings (default %(default)s)",
    )
    parser.add_argument("--questions-per-kind", type=int, default=2, metavar="K", help="(default %(default)s)")
    parser.add_argument("--subtitles", action="store_true", help="write a narrator's lines to OUT.srt")
    parser.add_argument("--questions-only", action="store_true", help="write OUT.json (and OUT.srt) without the video")
    parser.add_argument("--smoke", action="store_true", help="half a minute, 2 frames per second, 320 pixels wide")
    parser.set_defaults(run=run)


def _check(options: argparse.Namespace) -> tuple[int, int]:
    """Returns seconds and height; raises RenderError for what cannot work."""
    seconds, height = round(options.minutes * 60), round(options.width * 9 / 32) * 2
    for legal, problem in (
        (
            MIN_SECONDS <= seconds <= MAX_SECONDS,
            f"--minutes is {options.minutes}: it must be {MIN_SECONDS / 60} to {MAX_SECONDS // 60}",
        ),
        (1 <= options.fps <= 60, f"--fps is {options.fps}: it must be 1 to 60"),
        (
            64 <= options.width <= 3840 and options.width % 2 == 0,
            f"--width is {options.width}: it must be even, 64 to 3840",
        ),
        (0 <= options.quality <= 51, f"--quality is {options.quality}: it must be 0 (lossless) to 51 (worst)"),
        (
            1 <= options.questions_per_kind <= 100,
            f"--questions-per-kind is {options.questions_per_kind}: it must be 1 to 100",
        ),
        (options.seed >= 0, f"--seed is {options.seed}: it must not be negative"),
        (options.out.suffix == ".mp4", f"{options.out}: the output must end in .mp4"),
    ):
        if not legal:
            raise RenderError(problem)
    return seconds, height


def pick_questions(rng: np.random.Generator, story: Story, wording: Wording, per_kind: int) -> list[Question]:
    """Up to per_kind questions of every kind, about different things as far as the story has them."""
    questions: list[Question] = []
    for kind in _ASKED:
        found: dict[str, Question] = {}
        subjects: set[tuple[str, ...]] = set()
        for attempt in range(60 * per_kind):
            question = ask(rng, story, kind, wording)
            if question is None or len(found) == per_kind:
                break
            subject = (question.answer, *(question.text[look.start : look.end] for look in question.lookups))
            if question.text in found or (subject in subjects and attempt < 20 * per_kind):
                continue
            found[question.text] = question
            subjects.add(subject)
        questions += found.values()
    return questions


def _as_json(question: Question) -> dict[str, Any]:
    record: dict[str, Any] = {
        "task": question.task, "topic": question.topic, "form": question.form, "kind": question.kind, "question": question.text,
    }  # fmt: skip
    if len(question.lookups) == 1 and not question.text[question.lookups[0].start].isdigit():
        record["subject"] = question.text[question.lookups[0].start : question.lookups[0].end]
    if question.options:
        record["options"] = question.options
    record |= {"answer": question.answer, "reply": question.reply, "values": question.values}
    if question.facts:
        record["facts"] = [{"answer": answer, "values": values} for answer, values in question.facts]
    record["evidence"] = [{"startSeconds": start, "endSeconds": end} for start, end in question.evidence]
    return record


def _with_progress(frames: Iterator[tuple[int, bytes]], total: int) -> Iterator[bytes]:
    begun, done, told = time.monotonic(), 0, 0.0
    for count, data in frames:
        yield data
        done += count
        now = time.monotonic()
        if now - told > 10 or done == total:
            told = now
            print(
                f"{100 * done / total:5.1f} % of {total} frames, {done / (now - begun):.0f} a second",
                file=sys.stderr,
                flush=True,
            )


def run(options: argparse.Namespace) -> None:
    """Runs `render`. Raises RenderError for what the user can put right."""
    if options.smoke:
        options.minutes, options.fps, options.width = 0.5, 2, 320
    seconds, height = _check(options)
    out: Path = options.out
    story = plan_video(np.random.default_rng([options.seed, 0]), seconds, "test")
    questions = pick_questions(
        np.random.default_rng([options.seed, 1]), story, options.wording, options.questions_per_kind
    )
    things = sorted({ACTORS[one.actor] for one in (*story.scenes, *story.events)})
    record = {"video": out.name, "seconds": seconds, "wording": options.wording, "things": things, "questions": [_as_json(question) for question in questions]}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if not options.questions_only:
            find_ffmpeg()
            out.with_name(f".{out.stem}.part.mp4").touch()  # an unwritable folder shows now, not after minutes
            frames = _with_progress(draw_frames(story, options.fps, options.width, height), seconds * options.fps)
            encode_video(frames, out, rate=options.fps, width=options.width, height=height, quality=options.quality)
        out.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
        if options.subtitles:
            out.with_suffix(".srt").write_text(narrate(np.random.default_rng([options.seed, 2]), story))
    except OSError as error:
        raise RenderError(f"cannot write {error.filename or out}: {error.strerror or error}") from error
    size = "" if options.questions_only else f", {out.stat().st_size / 2**20:.2f} MiB"
    print(
        f"{out}: {seconds} seconds, {len(story.scenes)} scenes, {len(story.events)} visits, {len(questions)} questions{size}"
    )

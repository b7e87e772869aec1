"""Measures the town and the trainer's data, and prints JSON; town.test.ts says what the numbers must be."""

import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

repository = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(repository / "training"))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from longtake_training.course.batches import ASKED, EVENT_COLUMNS, NAME, OPTION, STEP, BatchMaker  # noqa: E402
from longtake_training.course.corpus import corpus  # noqa: E402
from longtake_training.course.scoring import is_right, names  # noqa: E402
from longtake_training.course.schedule import VOCABULARY  # noqa: E402
from longtake_training.prompt import PromptCodec, split_for_memaug  # noqa: E402
from longtake_training.tokenizer import train_tokenizer  # noqa: E402
from longtake_training.town.bank import NFRAMES, SETTINGS, bank_pictures, hashed, pictures, resident_colour, take_apart, tower_frames  # noqa: E402
from longtake_training.town.draw import render  # noqa: E402
from longtake_training.town.questions import CHOICE_KINDS, KINDS, LETTERS, VIDEO_KINDS, ask, follow  # noqa: E402
from longtake_training.town.story import plan_video  # noqa: E402
from longtake_training.town.vocabulary import COLOURS, FIRST_SIGN, LOOKS, PLACES, TASKS, THINGS  # noqa: E402
from longtake_training.town.wordings import AND_AFTER, AND_DETAIL, AND_THING, IT_DOES, VISITS, WORDINGS  # noqa: E402


def digests() -> dict[str, object]:
    """What trained weights rely on: stories, questions and pictures of fixed seeds."""
    story = plan_video(np.random.default_rng(7), 3600, "train")
    rng = np.random.default_rng(8)
    asked = [ask(rng, story, kind) for kind in KINDS for _ in range(10)]
    texts = "\n".join(f"{question.text}|{question.spoken}" for question in asked if question)
    frames = tower_frames(bank_pictures(torch.arange(5, NFRAMES, 9973)), clean=True)
    return {
        "frames": hashlib.sha256(story.frame_index.tobytes()).hexdigest()[:16],
        "questions": hashlib.sha256(texts.encode()).hexdigest()[:16],
        "pictureMeans": [round(float(value), 3) for value in frames.mean((0, 2, 3))],
    }


def stories() -> dict[str, bool]:
    """Events follow each other without overlap, inside the video, and what the story says is what the frames show."""
    apart, inside, shown, causes = True, True, True, True
    rng = np.random.default_rng(1)
    for seconds in (100, 101, 128, 180, 1000, 3600):
        for _ in range(15):
            story = plan_video(rng, seconds, "train")
            events = story.events
            apart &= all(a.end <= b.start for a, b in itertools.pairwise(events))
            inside &= events[0].start >= 0 and events[-1].end <= seconds and len(story.weathers()) == len(story.signs()) == 2
            parts = take_apart(torch.from_numpy(story.frame_index.astype(np.int64)))
            what = bank_pictures(torch.from_numpy(story.frame_index.astype(np.int64)))
            for event in events:
                at = event.start
                thing = max(int(parts.figure[at]), int(parts.weather[at]) + 12 if parts.weather[at] >= 0 else -1, int(parts.sign[at]) + FIRST_SIGN if parts.sign[at] >= 0 else -1)
                shown &= thing == event.thing and int(parts.place[at]) == event.place and int(parts.resident[at]) == event.companion
                if event.colour >= 0:
                    left = float(what.visitor.x[at]) < float(what.resident.x[at])
                    shown &= int(what.visitor.colour[at]) == event.colour and (event.side == 0) == left
                if event.cause >= 0:
                    causes &= events[events.index(event) - 1].thing == event.cause and events[events.index(event) - 1].end == event.start
    return {"apart": bool(apart), "inside": bool(inside), "shown": bool(shown), "causes": bool(causes)}


def looks() -> dict[str, float]:
    """Looks of one place with one resident: colours that occur, and how alike neighbours are in colour, place and light (correlations)."""
    number = torch.arange(SETTINGS)
    colours = resident_colour(number).view(-1, LOOKS)
    alike = []
    for salt in (1, 2, 3, 4, 60, 61):
        value = hashed(number, salt).double().view(-1, LOOKS)
        alike.append(float(torch.corrcoef(torch.stack([value[:, :-1].flatten(), value[:, 1:].flatten()]))[0, 1].abs()))
    return {"colours": sum(len(set(row)) for row in colours.tolist()) / len(colours), "alike": max(alike)}


def _commonest(rng: np.random.Generator, options: list[str]) -> str:
    """The letter of the option whose words the other options share most: where wrong ones are made from the right one, it is that."""
    words = [re.findall(r"\w+", option) for option in options]
    count = Counter(itertools.chain.from_iterable(map(set, words)))
    common = np.array([np.mean([count[word] for word in some]) for some in words])
    return LETTERS[int(rng.choice(np.flatnonzero(common >= common.max() - 1e-9)))]


def balance() -> dict[str, dict[str, float]]:
    """For each kind and form: how many answers there are, the commonest one's share, and those of the best guess from any word and from the options alone."""
    rng = np.random.default_rng(9)
    answers: dict[str, Counter] = defaultdict(Counter)
    words: dict[str, Counter] = defaultdict(Counter)
    by_options: dict[str, list[bool]] = defaultdict(list)
    right = True
    for _ in range(700):
        story = plan_video(rng, 900, "test")
        for kind, choice in [(kind, False) for kind in VIDEO_KINDS] + [(kind, True) for kind in CHOICE_KINDS]:
            question = ask(rng, story, kind, choice=choice)
            if question is None:
                continue
            name = f"mc_{kind}" if choice else kind
            right &= is_right(question, question.spoken)
            answers[name][question.answer] += 1
            if question.options:
                by_options[name].append(question.answer == _commonest(rng, question.options))
            for word in set(re.findall(r"[a-z]+", question.text.lower())):
                words[f"{name} {word}"][question.answer] += 1
    shares = {}
    for name, count in answers.items():
        total = sum(count.values())
        # Words that come often enough to say anything: does one of them give the answer away?
        telling = [max(c.values()) / sum(c.values()) for key, c in words.items() if key.split(" ")[0] == name and sum(c.values()) >= 120]
        shares[name] = {"answers": len(count), "share": max(count.values()) / total, "byWord": max(telling, default=0.0)}
        shares[name]["byOptions"] = float(np.mean(by_options[name])) if by_options[name] else 0.0
    return {"replies_right": bool(right), "shares": shares}


def _expansions(pattern: str) -> set[str]:
    parts = re.split(r"(\([^()]*\))", pattern)
    choices = [part[1:-1].split("|") if part.startswith("(") else [part] for part in parts]
    return {re.sub(r" +(?=[ ?.,])", "", "".join(some)).strip().lower().rstrip("?.") for some in itertools.product(*choices)}


def wordings() -> dict[str, int]:
    """Sentences by training patterns, and how many held-out ones are among them."""
    every = [*WORDINGS.values(), *VISITS.values(), *IT_DOES.values(), AND_THING, AND_AFTER, *AND_DETAIL.values()]
    trained = set().union(*(_expansions(pattern) for train, _ in every for pattern in train))
    held_out = set().union(*(_expansions(pattern) for _, held in every for pattern in held))
    return {"sentences": len(trained), "heldOut": len(held_out), "both": len(trained & held_out)}


def batches(codec: PromptCodec) -> dict[str, bool]:
    """Every look, step and choice of a batch stands at the token that it is about, and points to the right event."""
    rng = np.random.default_rng(3)
    same = cut = names = steps = choices = colours = True
    pad = codec.ids("<|endoftext|>")[0]
    token = lambda ids, at: codec.tokenizer.decode([int(ids[at])]).strip()

    def noun(ids: list[int], at: int) -> str:
        """The name at a token, also where it is the end of "kites"."""
        word = token(ids, at)
        while word not in THINGS and word.removesuffix("s") not in THINGS and len(word) < 12:
            at -= 1
            word = token(ids, at) + word
        return word if word in THINGS else word.removesuffix("s")

    for seconds in (110, 400):
        batch = BatchMaker(codec).make(rng, seconds, 24, np.ones(len(ASKED)))
        arrays = batch.arrays
        for row, (story, turns) in enumerate(zip(batch.stories, batch.conversations)):
            ids = [token_id for token_id in arrays["text"][row].tolist() if token_id != pad]
            seen = [token_id for token_id in arrays["memaug_text"][row].tolist() if token_id >= 0]
            same &= codec.ids(codec.tokenizer.decode(ids, skip_special_tokens=False)) == ids
            cut &= split_for_memaug(ids, codec) == seen
            table = arrays["events"][row]
            steps_of = iter([step for turn in turns for step in turn.question.steps])
            for at, kind, event in zip(arrays["look_at"][row], arrays["look_kind"][row], arrays["look_event"][row]):
                if kind == NAME:
                    names &= noun(ids, at) in THINGS
                    if event >= 0:
                        names &= THINGS[table[event][EVENT_COLUMNS.index("thing")]] == noun(ids, at)
                if kind == STEP:
                    step = next(steps_of)
                    steps &= story.events[event] == step.event
            for at, option in arrays["choice"][row]:
                if at >= 0:
                    choices &= token(ids, at) == "so" and token(ids, at + 1) in "ABCD" and OPTION in arrays["look_kind"][row][arrays["look_at"][row] == option]
            for turn in turns:
                question = turn.question
                if question.kind == "colour" and not question.options:
                    event = next(look.event for look in question.lookups)
                    colours &= COLOURS[event.colour] == question.answer
                if question.kind == "sequence" and not question.options:
                    said = [THINGS[step.event.thing] for step in question.steps]
                    steps &= f"First the {said[0]}, then the {said[1]}, then the {said[2]}." == question.reply
    return {"rows_are_encodings": bool(same), "memaug_text_is_cut": bool(cut), "names": bool(names), "steps": bool(steps), "choices": bool(choices), "colours": bool(colours)}


def follow_ups() -> dict[str, object]:
    """Follow-ups name nothing that they mean, and their reply is about it."""
    rng = np.random.default_rng(4)
    ways, good = Counter(), True
    while sum(ways.values()) < 60:
        story = plan_video(rng, 600, "train")
        before = ask(rng, story, ["colour", "place", "when", "action"][int(rng.integers(0, 4))])
        after = before and follow(rng, story, before)
        if not after:
            continue
        ways[after.follow_up] += 1
        name = THINGS[before.subject]
        good &= name not in after.text and (after.follow_up == "and_thing") == (name not in after.reply and after.subject != before.subject)
    return {"ways": len(ways), "good": bool(good)}


def decoded(path: str, seed: int) -> dict[str, float]:
    """Mean absolute difference, in 255ths, of a rendered file's seconds and its bank frames at the tower's size."""
    story = plan_video(np.random.default_rng([seed, 0]), 105, "test")
    scale = "fps=1:round=up,scale=112:112:flags=bicubic+accurate_rnd+full_chroma_int:param0=0:param1=0.5"
    raw = subprocess.run(
        [os.environ.get("LONGTAKE_FFMPEG", "ffmpeg"), "-v", "error", "-i", path, "-vf", scale, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    frames = torch.from_numpy(np.frombuffer(raw, np.uint8).reshape(-1, 112, 112, 3).copy()).permute(0, 3, 1, 2) / 255
    some = torch.tensor([second for event in story.events for second in (event.start, event.end)])
    clean = tower_frames(bank_pictures(torch.from_numpy(story.frame_index.astype(np.int64))[some]), clean=True)
    return {"frames": len(frames), "median": float((frames[some] - clean).abs().mean((1, 2, 3)).median()) * 255}


def moving() -> float:
    """Greatest difference between bank frames and the moving picture at whole seconds."""
    index = torch.arange(3, NFRAMES, 39983)
    return float((render(bank_pictures(index), 64, 36) - render(pictures(take_apart(index), torch.zeros(len(index))), 64, 36)).abs().max())


if __name__ == "__main__":
    torch.set_num_threads(1)  # spinning threads cost more than they gain on a busy machine
    codec = PromptCodec(train_tokenizer(corpus(1, 60), VOCABULARY))
    print(json.dumps({
        "digests": digests(), "stories": stories(), "looks": looks(), "balance": balance(), "wordings": wordings(), "batches": batches(codec),
        "followUps": follow_ups(), "decoded": decoded(sys.argv[1], int(sys.argv[2])), "moving": moving(),
        "tasks": sum(len(tasks) for tasks in TASKS.values()),
        "names_are_tokens": all(len(codec.ids(" " + word)) == 1 for word in (*THINGS, *COLOURS, *PLACES)), "prefix": len(codec.seen_by_memaug(codec.prefix)),
        "newline_is_a_token": len(codec.ids("\n")) == 1, "any_text_comes_back": codec.tokenizer.decode(codec.ids("Žluťoučký 🐎\t漢")) == "Žluťoučký 🐎\t漢",
        "named": [names("The kite is red.", "red", COLOURS), names("It is red or blue.", "red", COLOURS), names("a red one, so B.", "B", [*"ABCD"]), names("At 12:40.", "40", ["40", "2"])],
    }))  # fmt: skip

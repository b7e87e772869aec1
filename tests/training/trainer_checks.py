"""Checks the trainer's data and prints JSON; tests/training/stages.test.ts says what the answers must be."""

import json
import sys
from pathlib import Path

repository = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(repository / "training"))

import numpy as np  # noqa: E402
from longtake_training.data import BatchMaker  # noqa: E402
from longtake_training.evaluate import mentions  # noqa: E402
from longtake_training.prompt import PromptCodec, split_for_memaug  # noqa: E402
from longtake_training.rewording import reword  # noqa: E402
from longtake_training.tokenizer import load_tokenizer  # noqa: E402
from longtake_training.world.phrases import OFF_TOPIC, WORDINGS  # noqa: E402
from longtake_training.world.questions import KINDS, ask  # noqa: E402
from longtake_training.world.story import plan_video  # noqa: E402
from longtake_training.world.vocabulary import ACTORS, COLOURS, PLACES  # noqa: E402

codec = PromptCodec(load_tokenizer(repository / "resources/model/tokenizer.json"))
rng = np.random.default_rng(3)


def batches() -> dict[str, bool]:
    """Rows are the whole prompt's encoding, MemAug's text is cut from it as in inference, look-ups hit their names."""
    same, cut, hit = True, True, True
    pad = codec.ids("<|endoftext|>")[0]
    for seconds, kinds in ((70, ["when", "describe"]), (300, ["colour", "mc_when", "absent", "order"])):
        batch = BatchMaker(codec, rewords=seconds > 128).make(rng, seconds, 4, kinds)
        for row, seen, looks in zip(batch.arrays["text"], batch.arrays["memaug_text"], batch.arrays["look_at"]):
            ids = [token for token in row.tolist() if token != pad]
            same &= codec.ids(codec.tokenizer.decode(ids, skip_special_tokens=False)) == ids
            cut &= split_for_memaug(ids, codec) == seen.tolist()
            hit &= codec.tokenizer.decode([ids[looks[0]]]).strip() in ACTORS
    return {"rows_are_encodings": same, "memaug_text_is_cut": cut, "looks_hit_names": hit}


def rewordings() -> dict[str, int]:
    """How many reworded questions are a held-out wording word for word, or lost the names they look up."""
    held_out, lost, changed = 0, 0, 0
    for _ in range(30):
        story = plan_video(rng, 300, "train")
        for kind in KINDS:
            question = ask(rng, story, kind)
            if question is None:
                continue
            other = reword(rng, question)
            names = [[q.text[x.start : x.end] for x in q.lookups] for q in (question, other)]
            lost += set(names[0]) != set(names[1])
            changed += other.text != question.text
            stem = other.text.partition("\nA. ")[0]
            for name in (names[1] + names[1])[:2]:
                stem = stem.replace(name, "{actor}" if not name[0].isdigit() else "{time}", 1)
            held_out += any(stem in pair[1] for pair in (*WORDINGS.values(), OFF_TOPIC))
    return {"held_out": held_out, "lost": lost, "changed": changed}


print(
    json.dumps(
        {
            **batches(),
            **rewordings(),
            "names_are_tokens": all(len(codec.ids(" " + word)) == 1 for word in (*ACTORS, *COLOURS, *PLACES)),
            "newline_is_a_token": len(codec.ids("\n")) == 1,
            "any_text_comes_back": codec.tokenizer.decode(codec.ids("Žluťoučký 🐎\t漢")) == "Žluťoučký 🐎\t漢",
            "prefix_seen_by_memaug": len(codec.seen_by_memaug(codec.prefix)),
            "scores": [
                mentions("The balloon is red.", "red", COLOURS),
                mentions("It is red or blue.", "red", COLOURS),
                mentions("a red one, so B.", "B", ["A", "B", "C", "D"]),
                mentions("At 12:40.", "2", ["1", "2"]),
            ],
        }
    )
)

"""The commands of the trainer; every call goes on where the last one stopped."""

import argparse
import json
from pathlib import Path


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _plan(options: argparse.Namespace):
    from .course import Plan
    from .losses import Sight, Weights
    from .schedule import ROUNDS

    off, usual = (lambda flag: 0.0 if flag else 1.0), Weights()
    rounds = tuple(ROUNDS) if not options.no_rounds else ()
    start = options.polish or options.finish
    if start:
        rounds = ("polish",) if options.polish else ("finish",)
    return Plan(
        options.run_folder, options.variant, options.shape, Sight(options.no_memaug, options.blind),
        Weights(usual.rows * off(options.no_rows), usual.attention * off(options.no_looks), usual.card * off(options.no_cards)), not options.no_image_language,
        options.scale, options.seed, options.workers, options.smoke, rounds, start,
    )  # fmt: skip


def make(options: argparse.Namespace) -> None:
    """Trains, then writes the checkpoint folder if everything is done and one is asked for."""
    from .course import run
    from .log import RunLog

    plan = _plan(options)
    plan.folder.mkdir(parents=True, exist_ok=True)
    say = RunLog(plan.folder)
    done = run(plan, _device(), options.minutes, say)
    if not done:
        say("the minutes are over: the same command goes on from here")
    elif options.out:
        _export(plan, options.out, say)


def _export(plan, out: Path, say) -> None:
    from ..export import export
    from .course import kept_model
    from .schedule import SHAPES

    model = kept_model(plan.last_folder(), SHAPES[plan.shape])
    figures = plan.folder / "figures.md"
    size = export(model, plan.folder / "tokenizer.json", out, figures=figures.read_text() if figures.exists() else "")
    say(f"{out}: {size} bytes, {size / 2**20:.2f} MiB")


def lighten(options: argparse.Namespace) -> None:
    """Copies a variant's state without the optimiser's moments: `make` goes on from it after warming up again."""
    from .state import lighten as copy

    copy(options.run_folder / options.variant, options.out)


def score(options: argparse.Namespace) -> None:
    """Scores a checkpoint on unseen looks, on features of single frames, which allows many questions."""
    from ..checkpoint import load_model
    from ..prompt import PromptCodec
    from ..tokenizer import load_tokenizer
    from .log import RunLog
    from .losses import Sight
    from .pixels import feature_bank
    from .scoring import Scorer, Setting, table

    device, plan = _device(), _plan(options)
    say = RunLog(plan.folder)
    model = load_model(options.out).to(device)
    bank = feature_bank(plan.variant_folder(), model.model.vision_tower, plan.frames, device, plan.seed, say)
    scorer = Scorer(model, PromptCodec(load_tokenizer(options.out / "tokenizer.json")), bank["features"], device)
    results = {}
    for name in options.settings.split(","):
        seconds, marks = int(name.rstrip("hmdb")), name.lstrip("0123456789")
        setting = Setting(seconds, options.asked, "held_out" if "h" in marks else "train", 3 if "m" in marks else 0, Sight("d" in marks, "b" in marks))
        results[name] = scorer.run(setting, options.kinds.split(",") if options.kinds else None)
    say("percent right [where no retained frame shows it] (declined)\n" + table(results))
    summary = {name: {kind: one.summary() | {"wrong": one.wrong} for kind, one in scores.items()} for name, scores in results.items()}
    (plan.folder / f"scores-{options.variant}.json").write_text(json.dumps(summary, indent=1))


def add_parser(commands) -> None:
    """Adds `make`, `score` and `lighten` to the command line."""
    for run, text in (
        (make, "train the model and write its checkpoint, in portions if need be"),
        (score, "score such a checkpoint on unseen looks"),
        (lighten, "copy a run's state at half its size, to go on elsewhere"),
    ):
        parser = commands.add_parser(run.__name__, help=text)
        parser.add_argument("--run-folder", type=Path, default=Path("training/run"), help="state of the run (default training/run)")
        parser.add_argument("--variant", default="memaug", help="name of the run's part that comparisons do not share")
        parser.add_argument("--out", type=Path, required=run is not make, help="the checkpoint folder, or that of the copied state")
        parser.add_argument("--shape", default="small", choices=["small", "medium"])
        parser.add_argument("--no-memaug", action="store_true", help="train with a memory cut to the retained tokens, for comparison")
        parser.add_argument("--blind", action="store_true", help="train without the video: what questions give away")
        parser.add_argument("--no-rows", action="store_true", help="without the auxiliary loss on MemAug's rows")
        parser.add_argument("--no-looks", action="store_true", help="without showing heads where to look")
        parser.add_argument("--no-cards", action="store_true", help="without the event cards")
        parser.add_argument("--no-image-language", action="store_true", help="the image stage trains the tower alone")
        parser.add_argument("--scale", type=float, default=1.0, help="of all numbers of video steps: equal budgets need not be whole ones")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--workers", type=int, default=14, help="processes that make batches")
        parser.add_argument("--smoke", action="store_true", help="a few steps of every stage with tiny batches")
        parser.set_defaults(run=run, polish=None, finish=None, no_rounds=False)
        if run is make:
            rounds = parser.add_mutually_exclusive_group()
            rounds.add_argument("--no-rounds", action="store_true", help="end after the third stage: comparisons at equal budgets")
            rounds.add_argument("--polish", type=Path, metavar="CHECKPOINT", help="that round alone: teach a finished checkpoint new kinds and wordings")
            rounds.add_argument("--finish", type=Path, metavar="CHECKPOINT", help="that round alone: a finished checkpoint, times late in an hour")
            parser.add_argument("--minutes", type=float, help="stop after so many and keep the state (default: until it is done)")
        if run is score:
            parser.add_argument("--settings", default="600,1800,3600", help="lengths; h held-out wording, m after three turns, d decayed memory, b blind")
            parser.add_argument("--asked", type=int, default=128, help="questions a kind")
            parser.add_argument("--kinds", default="", help="comma-separated; default all")

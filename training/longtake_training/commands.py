"""The commands of the trainer; every stage reads and writes one run folder and can be started again."""

import argparse
import json
import time
from pathlib import Path


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


class RunLog:
    """Says a line on the terminal and in the run folder's log."""

    def __init__(self, folder: Path):
        self.path = folder / "log.txt"

    def __call__(self, line: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {line}"
        print(line, flush=True)
        with self.path.open("a") as file:
            file.write(line + "\n")


def tokenizer(options: argparse.Namespace) -> None:
    from .corpus import corpus
    from .tokenizer import train_tokenizer

    options.run_folder.mkdir(parents=True, exist_ok=True)
    path = options.run_folder / "tokenizer.json"
    if not path.exists():
        train_tokenizer(corpus(0, 200 if options.smoke else 4000), _vocabulary_size()).save(str(path))


def _vocabulary_size() -> int:
    return 640


def tower(options: argparse.Namespace) -> None:
    from .stages import tower as stage

    options.run_folder.mkdir(parents=True, exist_ok=True)
    if not (options.run_folder / "tower.pt").exists():
        settings = stage.SMOKE if options.smoke else stage.TowerSettings()
        stage.run(options.run_folder, settings, _device(), RunLog(options.run_folder))


def train(options: argparse.Namespace) -> None:
    from .model.config import ModelConfig
    from .stages import instruct
    from .stages import tower as tower_stage

    settings = instruct.smoke_settings() if options.smoke else instruct.InstructSettings()
    tower_settings = tower_stage.SMOKE if options.smoke else tower_stage.TowerSettings()
    config = ModelConfig(_vocabulary_size())
    instruct.run(options.run_folder, settings, config, tower_settings, _device(), RunLog(options.run_folder))


def export(options: argparse.Namespace) -> None:
    import torch

    from .export import export as write
    from .model.config import ModelConfig
    from .model.hour_llava import HourLlava

    model = HourLlava(ModelConfig(_vocabulary_size()))
    model.load_state_dict(torch.load(options.run_folder / "instruct.pt", map_location="cpu")["model"])
    figures = options.run_folder / "figures.md"
    size = write(model, options.run_folder / "tokenizer.json", options.out, figures=figures.read_text() if figures.exists() else "")
    print(f"{options.out}: {size} bytes of {16 * 2**20}")


def evaluate(options: argparse.Namespace) -> None:
    import torch

    from .checkpoint import load_model
    from .evaluate import Evaluator, Setting, table
    from .prompt import PromptCodec
    from .stages import tower as tower_stage
    from .tokenizer import load_tokenizer

    device = _device()
    log = RunLog(options.run_folder)
    tower_settings = tower_stage.SMOKE if options.smoke else tower_stage.TowerSettings()
    bank = tower_stage.bank(options.run_folder, tower_settings, device, log)
    model = load_model(options.out).to(device)
    runner = Evaluator(model, PromptCodec(load_tokenizer(options.out / "tokenizer.json")), bank["features"], device)
    kinds = tuple(options.kinds.split(",")) if options.kinds else Setting(0).kinds
    extra = {"asked": options.asked, "kinds": kinds}
    results = {}
    for name in options.settings.split(","):
        # 3600, 3600h (held-out wording), 3600m (three earlier turns), 3600d (MemAug sees only what is retained)
        seconds, mark = int(name.rstrip("hmd")), name.lstrip("0123456789")
        setting = Setting(
            seconds, wording="held_out" if "h" in mark else "train", earlier_turns=3 if "m" in mark else 0,
            decayed_only="d" in mark, **extra,
        )  # fmt: skip
        results[name] = runner.run(setting)
    log("evaluation: percent right (when: within 10 s) [where no retained frame shows it]\n" + table(results))
    summary = {name: {kind: score.summary() | {"wrong": score.wrong} for kind, score in scores.items()} for name, scores in results.items()}
    (options.run_folder / f"evaluation-{options.name}.json").write_text(json.dumps(summary, indent=1))


def make(options: argparse.Namespace) -> None:
    for stage in (tokenizer, tower, train, export):
        stage(options)


def golden(options: argparse.Namespace) -> None:
    from .golden import check_golden

    print(json.dumps(check_golden(options.folder)))


def add_parser(commands) -> None:
    """Adds this module's commands to the command line."""
    parsers = {}
    for run, text in (
        (tokenizer, "train the tokenizer"),
        (tower, "train the vision tower"),
        (train, "train projector, MemAug and decoder"),
        (export, "write the checkpoint folder"),
        (evaluate, "score the exported checkpoint on unseen videos"),
        (make, "all of it: tokenizer, tower, train, export"),
    ):
        parser = parsers[run.__name__] = commands.add_parser(run.__name__, help=text)
        parser.add_argument("--run-folder", type=Path, default=Path("training/run"), help="state of the run (default training/run)")
        parser.add_argument("--smoke", action="store_true", help="a few steps with tiny settings, to see that it works")
        parser.set_defaults(run=run)
    for name in ("export", "make", "evaluate"):
        parsers[name].add_argument("--out", type=Path, required=True, help="the checkpoint folder")
    parsers["evaluate"].add_argument("--settings", default="600,1800,3600", help="lengths in seconds, with h, m or d (see README)")
    parsers["evaluate"].add_argument("--asked", type=int, default=128, help="questions a kind")
    parsers["evaluate"].add_argument("--name", default="all", help="of the file with the figures")
    parsers["evaluate"].add_argument("--kinds", default="", help="comma-separated; default all")
    parser = commands.add_parser("golden", help="compare our modules with a golden checkpoint")
    parser.add_argument("folder", type=Path)
    parser.set_defaults(run=golden)

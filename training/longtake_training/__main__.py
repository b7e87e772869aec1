"""The command line: `python training/longtake_training COMMAND` or, from training/, `python -m longtake_training`."""

import argparse
import importlib
import sys
from pathlib import Path

if not __package__:  # started as a folder: make the package importable, for spawned workers too
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

#: Modules that each add one or more commands by `add_parser(commands)`; `run(options)` does the work.
COMMANDS = ["longtake_training.town.video.command", "longtake_training.course.commands", "longtake_training.commands"]


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="longtake_training", description="Pebble Town and the little model that watches it.")
    commands = parser.add_subparsers(dest="command", required=True)
    try:
        for name in COMMANDS:
            importlib.import_module(name).add_parser(commands)
    except ModuleNotFoundError as error:
        print(f"error: the Python package {error.name!r} is missing: pip install -r training/requirements.txt", file=sys.stderr)
        return 3
    from longtake_training.town.video.encode import RenderError

    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except RenderError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

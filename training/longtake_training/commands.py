"""The command that belongs to no world: whether our modules compute what the authors' own do."""

import argparse
import json
from pathlib import Path


def golden(options: argparse.Namespace) -> None:
    from .golden import check_golden

    print(json.dumps(check_golden(options.folder)))


def add_parser(commands) -> None:
    """Adds `golden` to the command line."""
    parser = commands.add_parser("golden", help="compare our modules with a golden checkpoint")
    parser.add_argument("folder", type=Path)
    parser.set_defaults(run=golden)

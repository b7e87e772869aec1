"""What a run says: on the terminal and in its folder."""

import time
from pathlib import Path


class RunLog:
    """Says a line on the terminal and in the run folder's log."""

    def __init__(self, folder: Path):
        self.path = folder / "log.txt"

    def __call__(self, line: str) -> None:
        line = f"{time.strftime('%H:%M:%S')} {line}"
        print(line, flush=True)
        with self.path.open("a") as file:
            file.write(line + "\n")

"""The state of a run in files small enough to be carried from one machine to the next."""

import io
from pathlib import Path

import torch

_PIECE_BYTES = 15 * 2**20


def save_state(folder: Path, state: dict) -> None:
    """Writes state-00, state-01, … of at most 15 MiB. The optimiser's moments are kept as bfloat16, weights as they are."""
    buffer = io.BytesIO()
    torch.save({**state, "optimiser": _moments(state["optimiser"], torch.bfloat16)}, buffer)
    data = buffer.getbuffer()
    pieces = [data[start : start + _PIECE_BYTES] for start in range(0, len(data), _PIECE_BYTES)]
    for number, piece in enumerate(pieces):
        (Path(folder) / f"part-{number:02d}.tmp").write_bytes(piece)
    # Only a complete new state replaces the old one.
    for old in _pieces(folder):
        old.unlink()
    for number in range(len(pieces)):
        (Path(folder) / f"part-{number:02d}.tmp").rename(Path(folder) / f"state-{number:02d}")


def load_state(folder: Path, device: str) -> dict | None:
    """The last complete state, or None."""
    pieces = _pieces(folder)
    if not pieces:
        return None
    state = torch.load(io.BytesIO(b"".join(piece.read_bytes() for piece in pieces)), map_location=device)
    return {**state, "optimiser": _moments(state["optimiser"], torch.float32)}


def lighten(folder: Path, out: Path) -> None:
    """Copies a state without the optimiser's moments: half the bytes, for a journey. Raises FileNotFoundError where there is none."""
    state = load_state(folder, "cpu")
    if state is None:
        raise FileNotFoundError(f"{folder} holds no state")
    Path(out).mkdir(parents=True, exist_ok=True)
    save_state(out, {**state, "optimiser": {"state": {}}})


def has_state(folder: Path) -> bool:
    """Whether a run has got as far as keeping a state there."""
    return bool(_pieces(folder))


def _pieces(folder: Path) -> list[Path]:
    return sorted(Path(folder).glob("state-[0-9][0-9]"))


def _moments(optimiser: dict, dtype: torch.dtype) -> dict:
    convert = lambda name, x: x.to(dtype) if name.startswith("exp_avg") else x
    return {**optimiser, "state": {k: {name: convert(name, x) for name, x in entry.items()} for k, entry in optimiser["state"].items()}}

"""The curriculum: which videos and questions come when, how fast weights move, how loud the auxiliary losses are."""

from dataclasses import dataclass, replace

from ..model.config import ModelConfig, VisionConfig
from .batches import ASKED, FOLLOW_SHARE

VOCABULARY = 704

#: `small` has its first token at an hour in less than 3 s on two cores and fits 12 MiB; `medium` is a third larger.
SHAPES = {
    "small": ModelConfig(VOCABULARY, intermediate_size=384, memaug_depth=2, vision=VisionConfig(num_hidden_layers=3)),
    "medium": ModelConfig(VOCABULARY, intermediate_size=544, memaug_depth=3, vision=VisionConfig(num_hidden_layers=4)),
}

#: Look-ups alone come first: everything at once from the start stalls (training/LOG.md).
LOOKUPS = {"colour": 3.0, "place": 3.0, "companion": 2.0, "side": 1.0, "when": 1.0, "exist": 1.0, "describe": 2.0, "sign": 1.0, "first_place": 0.5, "cause": 1.0}
EVERYTHING = {
    **{name: 0.6 if name.startswith("mc_") else 1.0 for name in ASKED},
    "order": 1.5, "when": 1.5, "next": 1.2, "count": 1.5, "gap": 1.5, "sequence": 1.5, "place_at": 2.0, "summary": 1.2, "absent": 2.0, "action_sequence": 1.3,
    "unrelated": 0.9, "small_talk": 0.6, "resident": 0.8, "letter": 0.5, "mc_when": 1.0, "mc_place_at": 1.0,
    "several": 1.3, "visit": 1.6, "check": 1.5, "signs": 0.5, "weathers": 0.5, "ends": 0.5, "describe": 1.4,
}  # fmt: skip


@dataclass(frozen=True)
class Lengths:
    """A share of the batches: their videos' seconds and how many go into one."""

    share: float
    low: int
    high: int
    batch: int


@dataclass(frozen=True)
class Phase:
    """A number of steps; one that has a gate goes on until these kinds are answered well enough, at most three times as long."""

    name: str
    lengths: tuple[Lengths, ...]
    kinds: dict[str, float]
    steps: int
    rate: tuple[float, float]  # learning rate at its beginning and end
    amount: tuple[float, float]  # of the auxiliary losses at its beginning and end
    tower: float = 0.0  # the tower's learning rate as a part of the others'; 0: frozen, its features come from a bank
    gate: tuple[str, ...] = ()
    follow_share: float = FOLLOW_SHARE

    @property
    def most_steps(self) -> int:
        return 3 * self.steps if self.gate else self.steps


#: What share of a gate's kinds must be right: everything that comes later is built on them.
GATE_SHARE = 0.85


_SHORT, _SHORTEST = Lengths(0.85, 128, 140, 160), Lengths(0.15, 100, 127, 160)
_QUARTER = Lengths(0.25, 100, 160, 128)
_ADAPT = (Lengths(0.9, 128, 140, 96), Lengths(0.1, 100, 127, 96))
_ALL = (Lengths(0.1, 100, 128, 96), Lengths(0.1, 128, 160, 128), Lengths(0.1, 160, 640, 64), Lengths(0.2, 640, 1800, 32), Lengths(0.5, 1800, 3600, 20))

#: The second stage, with the tower open, then the third with the tower frozen.
ADAPTATION = (
    Phase("lookups", _ADAPT, LOOKUPS, 600, (1e-3, 1e-3), (1.0, 1.0), tower=0.05, gate=("colour", "place"), follow_share=0.0),
    Phase("adapt", _ADAPT, EVERYTHING, 960, (1e-3, 1e-3), (1.0, 0.9), tower=0.05),
)
INSTRUCTION = (
    Phase("short", (_SHORT, _SHORTEST), EVERYTHING, 2640, (1e-3, 1e-3), (0.9, 0.6)),
    Phase("640", (_QUARTER, Lengths(0.75, 160, 640, 64)), EVERYTHING, 2160, (1e-3, 9e-4), (0.6, 0.4)),
    Phase("1800", (_QUARTER, Lengths(0.15, 160, 640, 64), Lengths(0.6, 640, 1800, 32)), EVERYTHING, 2400, (9e-4, 8e-4), (0.6, 0.3)),
    Phase("3600", _ALL, EVERYTHING, 5760, (8e-4, 1e-5), (0.6, 0.25)),
)
PHASES = (*ADAPTATION, *INSTRUCTION)
#: A round begins with a finished model: the rate rises once more and falls, which times and visits need (training/LOG.md). The throw-away
#: heads begin anew, so they are quiet at first. The polish teaches wordings, the finish times late in an hour.
_TO_TEN = (Lengths(0.4, 100, 160, 128), Lengths(0.6, 160, 640, 64))
_LATE = (Lengths(0.06, 100, 160, 128), Lengths(0.07, 160, 640, 64), Lengths(0.17, 640, 1800, 32), Lengths(0.7, 1800, 3600, 20))
ROUNDS = {
    "polish": (
        Phase("polish short", _TO_TEN, EVERYTHING, 2400, (5e-4, 5e-4), (0.02, 0.35)),
        Phase("polish", _ALL, EVERYTHING, 6960, (5e-4, 1e-5), (0.35, 0.25)),
    ),
    "finish": (
        Phase("finish short", _TO_TEN, EVERYTHING, 250, (5e-4, 5e-4), (0.02, 0.35)),
        Phase("finish", _LATE, EVERYTHING, 2750, (5e-4, 1e-5), (0.35, 0.25)),
    ),
}  # fmt: skip

_TINY = lambda low, high: (Lengths(1.0, low, high, 2),)
SMOKE_PHASES = (
    Phase("lookups", _TINY(100, 130), LOOKUPS, 1, (1e-3, 1e-3), (1.0, 1.0), tower=0.05),
    Phase("adapt", _TINY(100, 130), EVERYTHING, 1, (1e-3, 1e-3), (1.0, 0.9), tower=0.05),
    Phase("3600", _TINY(140, 150), EVERYTHING, 1, (1e-3, 1e-5), (0.6, 0.25)),
)
SMOKE_ROUNDS = {name: tuple(replace(phase, lengths=_TINY(140, 150), steps=1) for phase in phases) for name, phases in ROUNDS.items()}


def scaled(phases: tuple[Phase, ...], scale: float) -> tuple[Phase, ...]:
    """The same curriculum in more or fewer steps: comparisons need equal budgets, not whole ones."""
    return tuple(replace(phase, steps=max(1, round(phase.steps * scale))) for phase in phases)

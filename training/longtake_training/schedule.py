"""The curriculum: which videos and questions come when, how fast weights move, how loud the auxiliary losses are."""

from dataclasses import dataclass

#: Look-ups alone come first: everything at once from the start stalls (training/LOG.md).
LOOKUPS = {"colour": 3.0, "place": 3.0, "when": 1.0, "exist": 1.0, "first_place": 0.5, "describe": 2.0}
EVERYTHING = {
    "colour": 1.0, "place": 1.0, "exist": 1.0, "order": 1.5, "when": 2.0, "count": 1.5, "action": 1.0, "next": 1.0,
    "first_place": 0.5, "place_at": 3.0, "mc_colour": 1.0, "mc_place": 1.0, "mc_action": 0.7, "mc_when": 1.5, "describe": 1.5,
    "absent": 1.0, "letter": 0.5, "off_topic": 0.7,
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
    """A fixed number of steps, so that the whole run can be repeated."""

    name: str
    lengths: tuple[Lengths, ...]
    kinds: dict[str, float]
    steps: int
    rate: tuple[float, float]  # learning rate at its beginning and end
    amount: tuple[float, float]  # of the auxiliary losses at its beginning and end
    rewords: bool = False  # questions in many more words (rewording.py)


SHORT, SHORTEST = Lengths(0.9, 128, 140, 160), Lengths(0.1, 60, 127, 160)
_QUARTER = Lengths(0.25, 90, 160, 128)
_ALL_LENGTHS = (Lengths(0.2, 90, 160, 128), Lengths(0.1, 160, 640, 64), Lengths(0.2, 640, 1800, 32), Lengths(0.5, 1800, 3600, 20))

PHASES = (
    Phase("lookups", (SHORT, SHORTEST), LOOKUPS, 300, (1e-3, 1e-3), (1.0, 1.0)),
    Phase("short", (SHORT, SHORTEST), EVERYTHING, 2800, (1e-3, 1e-3), (1.0, 0.6)),
    Phase("640", (_QUARTER, Lengths(0.75, 160, 640, 64)), EVERYTHING, 2000, (1e-3, 9e-4), (0.6, 0.4)),
    Phase("1800", (_QUARTER, Lengths(0.15, 160, 640, 64), Lengths(0.6, 640, 1800, 32)), EVERYTHING, 2000, (9e-4, 8e-4), (0.6, 0.3)),
    Phase("3600", _ALL_LENGTHS, EVERYTHING, 4500, (8e-4, 1e-5), (0.6, 0.25)),
    # A second, shorter descent: many more wordings, residents, and more videos that are repeated to 128 frames.
    Phase("polish", (Lengths(0.14, 60, 128, 96), Lengths(0.08, 128, 160, 128), Lengths(0.16, 160, 640, 64), Lengths(0.22, 640, 1800, 32),
                     Lengths(0.4, 1800, 3600, 20)), {**EVERYTHING, "off_topic": 1.5, "resident": 1.5, "exist_resident": 0.7},
          2300, (4e-4, 1e-5), (0.6, 0.25), True),
)  # fmt: skip

SMOKE = (
    Phase("lookups", (Lengths(1.0, 100, 132, 3),), LOOKUPS, 2, (1e-3, 1e-3), (1.0, 1.0)),
    Phase("3600", (Lengths(1.0, 140, 180, 2),), EVERYTHING, 2, (1e-3, 1e-5), (0.6, 0.25)),
    Phase("polish", (Lengths(1.0, 100, 180, 2),), {**EVERYTHING, "resident": 1.0}, 1, (1e-3, 1e-5), (0.6, 0.25), True),
)

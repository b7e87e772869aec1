"""What exists in Pebble Town: places, actors, colours and actions, and how a sentence names them."""

from dataclasses import dataclass

PLACES = ["harbour", "market", "park", "school", "beach", "forest", "castle", "station", "farm", "snowfield"]
ACTORS = ["balloon", "car", "cat", "duck", "kite", "robot", "umbrella", "rocket"]
COLOURS = ["red", "green", "blue", "yellow", "purple", "orange", "white", "black"]
ACTIONS = ["still", "left", "right", "up", "down", "bigger"]

#: Looks of one clip (where things stand, time of day). The last two are held out of training.
VARIANTS = 8
TRAIN_VARIANTS = (0, 6)
TEST_VARIANTS = (6, 8)
#: Seconds after which a clip's movement starts again.
PHASES = 8

ACTION_PHRASES = {
    "still": "stays still",
    "left": "moves left",
    "right": "moves right",
    "up": "goes up",
    "down": "goes down",
    "bigger": "grows bigger",
}

_INSIDE = {"park", "forest", "snowfield"}


def at_place(place: str) -> str:
    """A place with its preposition: "in the park", "at the market"."""
    return f"{'in' if place in _INSIDE else 'at'} the {place}"


def a_or_an(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def clock(seconds: int) -> str:
    """Seconds as mm:ss, the only way times are written in questions and replies."""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"


@dataclass(frozen=True)
class Task:
    """One of VideoMarathon's 22 tasks and the topic it belongs to."""

    task: str
    topic: str


TASKS = {
    "colour": Task("Object Attribute", "Object"),
    "place": Task("Spatial Perception", "Spatiality"),
    "exist": Task("Object Existence", "Object"),
    "order": Task("Temporal Order", "Temporality"),
    "when": Task("Temporal Perception", "Temporality"),
    "count": Task("Object Reasoning", "Object"),
    "action": Task("Action Recognition", "Action"),
    "next": Task("Scene Transition", "Scene"),
    "first_place": Task("Scene Recognition", "Scene"),
    "place_at": Task("Spatial Reasoning", "Spatiality"),
    "mc_colour": Task("Object Attribute", "Object"),
    "mc_place": Task("Spatial Perception", "Spatiality"),
    "mc_action": Task("Action Recognition", "Action"),
    "mc_when": Task("Action Localization", "Action"),
    "describe": Task("Key Event Extraction", "Event"),
    "absent": Task("Object Existence", "Object"),
    "resident": Task("Object Recognition", "Object"),
    "exist_resident": Task("Object Existence", "Object"),
    "off_topic": Task("Off topic", "Other"),
    "letter": Task("Off topic", "Other"),
}

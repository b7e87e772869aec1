"""What exists in the town and how a sentence names it: places, figures, weather, signs, VideoMarathon's 22 tasks."""

PLACES = ["harbour", "market", "park", "school", "beach", "forest", "castle", "station", "farm", "snowfield"]
FIGURES = ["balloon", "car", "cat", "duck", "kite", "robot", "umbrella", "rocket", "fish", "star", "bell", "drum"]
COLOURS = ["red", "green", "blue", "yellow", "purple", "orange", "white", "black"]
ACTIONS = ["still", "left", "right", "up", "down", "bigger"]
WEATHERS = ["rain", "snow", "fog", "fireworks"]
SIGNS = ["fair", "race", "news", "bank", "sale", "milk", "swim", "bake", "gold", "zero"]
#: Everything that comes at a time and can be looked up by its name; an index into THINGS is a "thing".
THINGS = [*FIGURES, *WEATHERS, *SIGNS]
FIRST_WEATHER, FIRST_SIGN = len(FIGURES), len(FIGURES) + len(WEATHERS)

#: What it does, as well as what there is.
IT_DOES_NAMES = ("rain", "snow")
#: How one of several is told apart.
ORDINALS = ["first", "second", "third"]

#: Where a visitor stands, seen from the resident.
SIDES = ["left", "right"]

#: Looks of one place with one resident: its colour, where it stands, time of day. The last three are held out of training.
LOOKS = 24
TRAIN_LOOKS = (0, 21)
TEST_LOOKS = (21, 24)

#: A spell of weather lasts one of these; no two are within a third of each other.
DURATIONS = [3, 6, 12, 24]
#: How much of a video lies between two things: up to an eighth, up to three eighths, more.
GAPS = ["hardly any of it", "about a quarter of it", "half of it or more"]

#: The 22 tasks by topic (VideoMarathon's taxonomy): task -> the kind of question that stands for it first.
TASKS = {
    "Temporality": {
        "Temporal Perception": "when", "Duration Perception": "duration", "Temporal Reasoning": "before_after",
        "Temporal Gap Estimation": "gap", "Temporal Order": "order",
    },
    "Spatiality": {"Spatial Perception": "place", "Spatial Reasoning": "side"},
    "Object": {
        "Object Recognition": "sign", "Object Attribute": "colour", "Object Interaction": "companion", "Object Reasoning": "count",
        "Object Existence": "exist", "Object Permanence": "permanence",
    },
    "Action": {
        "Action Recognition": "action", "Action Localization": "action_when", "Action Sequence": "action_sequence", "Action Reasoning": "cause",
    },
    "Scene": {"Scene Recognition": "first_place", "Scene Transition": "next"},
    "Event": {"Event Sequence": "sequence", "Key Event Extraction": "effect", "Overall Summarization": "summary"},
}  # fmt: skip
#: Kinds beside the first of their task.
_MORE = {
    "last_place": "Scene Recognition", "place_at": "Scene Recognition", "ends": "Scene Recognition", "describe": "Key Event Extraction",
    "weathers": "Key Event Extraction", "signs": "Object Recognition", "several": "Object Reasoning", "visit": "Action Sequence", "check": "Object Attribute",
}  # fmt: skip


def task_of(kind: str) -> tuple[str, str]:
    """Task and topic of a kind; kinds that are none of the 22 have the topic "Manner"."""
    for topic, tasks in TASKS.items():
        for task, first in tasks.items():
            if first == kind or _MORE.get(kind) == task:
                return task, topic
    return {"absent": "Unanswerable", "unrelated": "Unanswerable", "resident": "Residents"}.get(kind, "Small talk"), "Manner"


def name_of(thing: int) -> str:
    """The one word that names a thing: "kite", "rain", "fair"."""
    return THINGS[thing]


def phrase_of(thing: int) -> str:
    """A thing as a noun: "kite", "rain", "fair sign"."""
    return f"{THINGS[thing]} sign" if thing >= FIRST_SIGN else THINGS[thing]


def indefinite(thing: int) -> str:
    """The noun with its article: "a kite", "rain", "a fair sign"."""
    return THINGS[thing] if FIRST_WEATHER <= thing < FIRST_SIGN else a_or_an(phrase_of(thing))


#: What figures do, as a reply says it.
ACTION_PHRASES = {
    "still": "stays still", "left": "moves left", "right": "moves right", "up": "goes up", "down": "goes down", "bigger": "grows bigger",
}  # fmt: skip
#: What figures do, as "does the kite …?" asks it.
ACTION_VERBS = {
    "still": "stay still", "left": "move left", "right": "move right", "up": "go up", "down": "go down", "bigger": "grow bigger",
}  # fmt: skip

_INSIDE = {"park", "forest", "snowfield"}


def at_place(place: str) -> str:
    """A place with its preposition: "in the park", "at the market"."""
    return f"{'in' if place in _INSIDE else 'at'} the {place}"


def a_or_an(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """Several of a thing: "kites", "boxes", "fish"."""
    irregular = {"fish": "fish", "mouse": "mice", "man": "men", "woman": "women", "knife": "knives", "wolf": "wolves"}
    return irregular.get(noun, noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s"))


def clock(seconds: int) -> str:
    """Seconds as mm:ss, the only way times are written in questions and replies."""
    return f"{seconds // 60:02d}:{seconds % 60:02d}"

"""Other words and another build for a sentence that was taught: what patterns by hand are too few for.

Only for training. Slots ("{thing}", "{a thing}") stay as they are, and so do words by which one kind is told from another.
"""

import re

import numpy as np

#: What can stand for a word or some words of a question without changing what it asks.
_SYNONYMS: dict[str, list[str]] = {
    "see": ["notice", "spot", "watch", "catch", "observe", "get to see", "make out", "look at"],
    "seen": ["noticed", "spotted", "observed", "visible", "on screen", "in view", "made out"],
    "appear": ["emerge", "pop up", "turn up", "come up", "enter", "become visible", "come into view", "come into the picture", "make an entrance", "surface", "get there"],
    "appears": ["emerges", "pops up", "turns up", "comes up", "enters", "comes into view", "is on screen", "makes its entrance", "surfaces", "gets there"],
    "come": ["arrive", "turn up", "pass by", "drop by", "enter", "stop by", "happen", "get here", "come along", "be there", "roll in"],
    "comes": ["arrives", "turns up", "passes by", "drops by", "enters", "stops by", "happens", "comes along", "is there", "gets here", "rolls in"],
    "came": ["arrived", "turned up", "passed by", "dropped by", "entered", "came along", "was there", "got here"],
    "show up": ["turn up", "emerge", "drop in", "come by", "make an appearance", "arrive"],
    "shows up": ["turns up", "emerges", "drops in", "comes by", "makes an appearance", "arrives"],
    "place": ["spot", "location", "area", "site", "part of town", "setting", "surroundings", "corner of town", "neighbourhood"],
    "places": ["spots", "locations", "areas", "sites", "parts of town", "settings"],
    "video": ["film", "clip", "recording", "footage", "movie", "tape", "story", "hour", "show"],
    "colour": ["hue", "shade", "tint", "colouring", "paint", "tone", "coat"],
    "color": ["hue", "shade", "tint", "coloring", "paint", "tone"],
    "tell me": ["let me know", "explain to me", "let me hear", "show me", "give me an idea", "help me to see", "be so kind and tell me", "inform me"],
    "say": ["state", "mention", "note", "answer me", "let us know"],
    "do you know": ["have you any idea", "do you happen to know", "would you know", "are you able to tell", "did you find out", "any idea"],
    "can you tell me": ["are you able to tell me", "may I ask", "might you tell me", "can you find out", "would it be possible to tell me"],
    "the {thing}": ["that {thing}", "this {thing}", "our {thing}", "your {thing}", "the little {thing}", "the famous {thing}", "the one {thing}", "the said {thing}"],
    "the {other}": ["that {other}", "this {other}", "our {other}", "the famous {other}"],
    "beside": ["close to", "alongside", "by the side of", "together with", "in company of"],
    "next to": ["close to", "alongside", "by the side of", "together with", "around"],
    "meet": ["run into", "get together with", "come upon", "encounter", "greet", "find", "call on"],
    "after": ["following", "right after", "later than", "behind", "subsequent to"],
    "happens": ["takes place", "occurs", "goes on", "comes to pass", "results", "is next"],
    "happened": ["took place", "occurred", "went on", "came to pass", "resulted"],
    "how come": ["why is it that", "what made it that"],
    "how long": ["for what time", "over what time", "for how many seconds", "how many seconds long", "for what length"],
    "how often": ["on how many occasions", "how many times over", "how many times in total", "at how many points"],
    "how many times": ["on how many occasions", "how many times over", "how often all in all", "at how many points"],
    "sign": ["board", "signpost", "notice board", "shield", "panel", "poster"],
    "signs": ["boards", "signposts", "notice boards", "panels", "posters"],
    "begin": ["set off", "open", "kick off", "commence", "get going", "start off"],
    "begins": ["sets off", "opens", "kicks off", "commences", "gets going", "starts off"],
    "start": ["set off", "open", "kick off", "commence", "get going", "begin"],
    "starts": ["sets off", "opens", "kicks off", "commences", "gets going", "begins"],
    "end": ["finish", "close", "stop", "conclude", "wind up"],
    "ends": ["finishes", "closes", "stops", "concludes", "winds up"],
    "describe": ["portray", "sketch", "depict", "characterise", "picture", "put into words", "paint me a picture of"],
    "summary": ["recap", "gist", "digest", "outline", "short version", "run-down"],
    "summarize": ["recap", "condense", "boil down", "wrap up", "put in a nutshell"],
    "move": ["travel", "head", "shift", "drift", "get about", "make its way"],
    "moves": ["travels", "heads", "shifts", "drifts", "gets about", "makes its way"],
    "moving": ["travelling", "heading", "shifting", "drifting"],
    "direction": ["way", "course", "heading"],
    "cause": ["ground", "source", "origin", "trigger"],
    "causes": ["triggers", "sets off", "starts", "produces"],
    "caused": ["triggered", "set off", "started", "produced"],
    "reason": ["ground", "source", "explanation", "background"],
    "why": ["for what reason", "how come", "what for", "what is the reason that"],
    "visits": ["stays", "calls", "showings", "arrivals", "entrances"],
    "visit": ["stay", "call", "showing", "arrival", "entrance"],
    "again": ["once more", "anew", "another time", "one more time", "a further time", "later on"],
    "return": ["reappear", "come back", "get back", "be here anew"],
    "order": ["succession", "line-up", "turn", "row"],
    "side": ["half", "edge", "flank", "hand"],
    "picture": ["frame", "image", "shot", "view"],
    "town": ["city", "village", "place", "map"],
    "moment": ["instant", "point", "mark", "timestamp"],
    "minute": ["point", "mark", "moment", "timestamp"],
    "lies": ["falls", "fits", "goes by", "is found"],
    "passes": ["goes by", "elapses", "runs", "flows"],
    "lasts": ["goes on", "keeps up", "continues", "stays"],
    "brings": ["carries in", "makes", "gives us", "results in"],
    "bring": ["carry in", "make", "give us", "result in", "set off"],
    "word": ["text", "lettering", "inscription", "writing"],
    "written": ["painted", "printed", "lettered", "put down", "noted"],
    "read": ["make out", "decipher", "spell out", "find written"],
    "figure": ["character", "one", "fellow", "resident"],
    "earlier": ["sooner", "ahead", "before the other", "at an earlier time"],
    "first,": ["earliest,", "sooner,", "ahead of the other,", "in front,"],
    "true": ["right", "correct", "a fact"],
    "go": ["head", "move", "turn", "get", "travel"],
    "jump": ["skip", "wind", "scroll", "seek"],
}
_AS_ONE = re.compile("|".join(rf"(?<![\w{{]){re.escape(words)}(?![\w}}])" for words in sorted(_SYNONYMS, key=len, reverse=True)), re.I)

#: What people put before a question that they ask in a roundabout way.
_CARRIERS = [
    "Any idea", "I wonder", "Remind me", "I forgot", "I can't remember", "Could you check", "Please find out", "My question is", "Somebody asked me", "I'd love to know", "Would you mind telling me",
    "Let us find out", "I'm curious", "It would help to know", "I didn't catch", "Look up", "See if you can say", "We were wondering", "Can anybody say", "Is it known", "Have a look", "What I want to know is",
    "I need to know", "Do you have an idea", "You surely know", "Find me", "First of all,", "I have to write down",
]  # fmt: skip
_DIRECT = re.compile(r"^((?:at |in |to |on |for |from |with )?(?:what|which|where|when|who|whom|how|why)\b[^{?,:]{0,24}?) (is|was|does|did|do|can|could) (the \{\w+\}|we|you|I|there)\b([^?:]*)\?$", re.I)


def rephrased(rng: np.random.Generator, sentence: str) -> str:
    """The sentence with some of its words changed for others of the same meaning, and sometimes asked in a roundabout way."""
    if rng.random() < 0.4:
        sentence = _roundabout(rng, sentence)

    def other(found: re.Match) -> str:
        if rng.random() < 0.5 or (found[0].lower() == "after" and "before" in sentence.lower()):  # the reply says one of these two
            return found[0]
        choices = _SYNONYMS[found[0].lower()]
        word = choices[int(rng.integers(0, len(choices)))]
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return _AS_ONE.sub(other, sentence)


def _roundabout(rng: np.random.Generator, sentence: str) -> str:
    """ "Where did the {thing} come?" -> "I forgot where the {thing} did come"; other builds stay."""
    found = _DIRECT.match(sentence)
    if found is None:
        return sentence
    asked, verb, subject, rest = found.groups()
    carrier = _CARRIERS[int(rng.integers(0, len(_CARRIERS)))]
    verb = "" if verb in ("does", "did", "do") else f" {verb}"
    return f"{carrier} {asked[0].lower()}{asked[1:]} {subject}{verb}{rest}{'.' if rng.random() < 0.5 else '?'}"

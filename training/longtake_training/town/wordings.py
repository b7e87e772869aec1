"""How questions are worded: patterns with alternatives, "(a|b|)", and slots, "{thing}" or "{a thing}".

For each kind first the patterns for training, then those held out, to see whether a model understands more than the
sentences that it was taught. No held-out sentence is an expansion of a training pattern (a test checks it).
"""

import re

import numpy as np

from .paraphrases import PARAPHRASES

Patterns = tuple[list[str], list[str]]



def expand(rng: np.random.Generator, pattern: str) -> str:
    """One sentence of a pattern: every "(a|b|)" becomes one of its alternatives."""
    sentence = re.sub(r"\(([^()]*)\)", lambda found: str(rng.choice(found[1].split("|"))), pattern)
    sentence = re.sub(r" +(?=[ ?.,])", "", sentence).strip()
    return sentence[0].upper() + sentence[1:] if pattern[0] == "(" else sentence


WORDINGS: dict[str, Patterns] = {
    "colour": (
        [
            "(What|Which) (colour|color) (is|was|has) the {thing}?", "What (is|was|'s) the (colour|color) of the {thing}?",
            "The {thing}, (what|which) (colour|color) (is|was) it?", "(Tell me|Say|Name) the (colour|color) of the {thing}.",
            "(Can|Could) you (tell me|say) (what|which) (colour|color) the {thing} (is|was|has)?", "(colour|color) of the {thing}?",
            "{thing} (colour|color)?", "What (colour|color) (does|did) the {thing} have?", "In (what|which) (colour|color) (is|was) the {thing}?",
            "There (is|was) {a thing}. What (colour|color) is it?", "I want to know the (colour|color) of the {thing}.",
        ],
        ["Do you know the colour of the {thing}?", "What colour was the {thing} that appeared?", "Which colour would you say the {thing} is?"],
    ),
    "place": (
        [
            "Where (is|was) the {thing}?", "Where (does|did) the {thing} (appear|show up|come)?", "(In|At) (what|which) place (is|was) the {thing}?",
            "Where (do|did|can|could) (we|you|I) (see|find|meet) the {thing}?", "(Tell me|Say) where the {thing} (is|was|appears|appeared).",
            "(Which|What) place (is|was) the {thing} (at|in)?", "{thing} (where|place|location)?", "The {thing}, where (is|was) it?",
            "There (is|was) {a thing}. Where (is|was) it?", "Where exactly (is|was) the {thing}?", "What (is|was) the place of the {thing}?",
            "Where (is|was) there {a thing}?", "Where (do|did|can) (we|you|I) see {a thing}?",
        ],
        ["Which place does the {thing} show up in?", "Where in town can the {thing} be seen?", "I am looking for the {thing}. Where should I go?"],
    ),
    "action": (
        [
            "What (does|did) the {thing} do?", "How (does|did) the {thing} move?", "What (is|was) the {thing} doing?",
            "(In|To) (which|what) direction (does|did) the {thing} (move|go)?", "(Which|What) way (does|did) the {thing} (go|move)?",
            "(Tell me|Say) (what|how) the {thing} (does|moves).", "Describe (how|the way) the {thing} moves.", "{thing} (movement|action)?",
            "The {thing}, what (does|did) it do?", "What (action|movement) does the {thing} (make|perform|do)?",
        ],
        ["What happens to the {thing}?", "What kind of movement does the {thing} show?", "Does the {thing} move, and how?"],
    ),
    "when": (
        [
            "When (does|did) the {thing} (appear|show up|come|begin|start|arrive)?", "When (is|was) the {thing} (there|seen|shown|visible|)?",
            "(At what|What) time (does|did) the {thing} (appear|come|show up|start|begin)?",
            "(At what|What) time (do|did|can) (we|you|I) see (the {thing}|{a thing})?", "(At what|What) time (is|was) (there {a thing}|the {thing})?",
            "When (do|did|can) (we|you|I) (first |)see (the {thing}|{a thing})?", "When (is|was) there {a thing}?",
            "(Tell me|Say) when the {thing} (appears|appeared|comes|came|starts).", "{thing} (when|time)?",
            "(Give me|Name) the time of the {thing}.", "At (which|what) (minute|moment) (does|did) the {thing} (appear|come|begin)?",
            "The {thing}, when (does|did) it (appear|come|begin)?", "How far into the video (is|was) the {thing}?",
            "Where on the clock (is|was) the {thing}?", "Since when (is|was) there {a thing}?",
        ],
        ["At which second did you notice the {thing}?", "What is the time at which the {thing} appears?", "To which time do I jump for the {thing}?"],
    ),
    "action_when": (
        [
            "When (does|did) the {thing} {verb}?", "At (what|which) (time|moment) (does|did) the {thing} {verb}?",
            "(Tell me|Say) when the {thing} (starts|began) to {verb}.",
            "When do (we|you) see the {thing} {verb}?", "When (can|could) I see the {thing} {verb}?",
            "(Find|Name) the (time|moment) when we see the {thing} {verb}.",
        ],
        ["What time is it when we watch the {thing} {verb}?", "I missed the {thing}. When did it {verb}?"],
    ),
    "companion": (
        [
            "What (does|did) the {thing} (meet|stand by)?", "(Who|What) (is|was) (with|beside|next to|near) the {thing}?",
            "(Who|What) does the {thing} (meet|come to)?",
            "(Tell me|Say) (who|what) (is|was) (beside|with|next to) the {thing}.", "(Which|What) figure (is|was) (beside|next to|with) the {thing}?",
            "The {thing}, (who|what) (is|was) it with?", "{thing} with (what|who)?", "What else (is|was) there (beside|with) the {thing}?",
        ],
        ["Who keeps the {thing} company?", "Which figure shares the picture with the {thing}?", "Whom did the {thing} visit?"],
    ),
    "side": (
        [
            "On (which|what) side (is|was) the {thing}(|, left or right)?", "Is the {thing} (on the|) left or right?",
            "(Is|Was) the {thing} on the left or on the right?",
            "(Left or right|Right or left): where (is|was) the {thing}?", "(Which|What) side (of the picture|) (is|was) the {thing} on?",
            "(Tell me|Say) (on which|which) side the {thing} (is|was).", "{thing}, left or right?",
        ],
        ["Does the {thing} stand to the left or to the right?", "Where in the picture is the {thing}, right or left?"],
    ),
    "next": (
        [
            "Where (do|did) we go after the {thing}?", "(Which|What) place (comes|came|is|was) (next |)after the {thing}?",
            "After the {thing}, where (to|are we|do we go)?",
            "Where (are|were) we after the {thing}?", "(Which|What) place (follows|followed) the {thing}?",
            "(Tell me|Say) which place (follows|comes after) the {thing}.",
            "Where (does|did) (it|the video) go after the {thing}?", "What (is|was) the next place after the {thing}?",
        ],
        ["Once the {thing} is gone, where does the video take us?", "Where do we end up after the {thing}?"],
    ),
    "effect": (
        [
            "What (happens|happened) (right |)after the {thing} (comes|came)?", "What (does|did) the {thing} bring?",
            "What (follows|followed) when the {thing} (comes|came)?",
            "What (is|was) the effect of the {thing}?", "(Tell me|Say) what happens after the {thing}.", "What weather (does|did) the {thing} bring?",
            "What comes of the {thing}'s visit?", "(And then|Then) what happens after the {thing} (comes|goes)?",
        ],
        ["What is the consequence of the {thing}'s visit?", "What did the visit of the {thing} lead to?"],
    ),
    "duration": (
        [
            "How long (does|did) the {thing} (last|go on|take)?", "For how long (is|was) there {a thing}?",
            "How many seconds (does|did|of) the {thing} (last|go on)?",
            "How long (is|was) the {thing}?", "(Tell me|Say) how long the {thing} (lasts|lasted|goes on).",
            "What (is|was) the length of the {thing}?", "{thing}, how long?",
        ],
        ["How much time did the {thing} take?", "How many seconds of {thing} do we get?"],
    ),
    "cause": (
        [
            "Why (is|was) there {a thing}?", "What (causes|caused|brings|brought) the {thing}?", "(Who|What) (makes|made) the {thing} (come|start)?",
            "Why (does|did) the {thing} (come|start|begin)?", "(Tell me|Say) why there (is|was) {a thing}.",
            "What (is|was) the (cause|reason) of the {thing}?",
            "Because of (whom|what) (is|was) there {a thing}?",
        ],
        ["Whose visit was followed by the {thing}?", "What is the {thing} the result of?"],
    ),
    "describe": (
        [
            "Describe the {thing}(| in a sentence).", "What (can|do) you (say|know|see) (about|of) the {thing}?",
            "Tell me (all |more |)about the {thing}.", "What (about|of) the {thing} in this video?",
            "(Can|Could) you describe the {thing}?", "(Give me|I want) (all |)(details|facts) (about|on) the {thing}.",
            "Say something about the {thing}.", "Sum up the visit of the {thing}.", "Where and when (is|was) the {thing}?", "Where and when (does|did) the {thing} (come|appear)?",
            "When and where (do|did) (we|you|I) see the {thing}?", "Who or what (is|was) the {thing}?",
        ],
        ["What is there to know about the {thing}?", "Report on the {thing} in one sentence."],
    ),
    "order": (
        [
            "(Which|What|Who) (comes|came|is|was|appears) first, the {thing} or the {other}?", "(Do|Did) we see the {thing} or the {other} first?",
            "Which one (appears|comes) (earlier|first), the {thing} or the {other}?", "{thing} or {other} first?",
            "Is the {thing} or the {other} (first|earlier)?",
            "(Tell me|Say) which (comes|is) first, the {thing} or the {other}.", "Of the {thing} and the {other}, which (comes|is) first?",
        ],
        ["Which of the two shows up earlier: the {thing} or the {other}?", "Who is faster to appear, the {thing} or the {other}?"],
    ),
    "before_after": (
        [
            "(Does|Did) the {thing} come before or after the {other}?", "(Is|Was) the {thing} (seen |there |)before or after the {other}?",
            "Do we see the {thing} before or after the {other}?", "The {thing}: before or after the {other}?", "{thing} before or after the {other}?",
            "(Tell me|Say) whether the {thing} comes before or after the {other}.",
        ],
        ["In time, is the {thing} before the {other} or after it?", "Does the {thing} appear after the {other}, or before?"],
    ),
    "gap": (
        [
            "How much of the video (lies|is|passes) between the {thing} and the {other}?",
            "How (far apart|long apart) are the {thing} and the {other}?",
            "What part of the video lies between the {thing} and the {other}?", "How much time (passes|lies|is) between the {thing} and the {other}?",
            "How far (is|away is) the {thing} from the {other} in time?", "(Tell me|Say) how much lies between the {thing} and the {other}.",
        ],
        ["Which share of the video separates the {thing} from the {other}?", "How big is the gap between the {thing} and the {other}?"],
    ),
    "sequence": (
        [
            "In (what|which) order do the {thing}, the {other} and the {third} (come|appear)?",
            "(Order|Sort) the {thing}, the {other} and the {third} by time.",
            "(What|Which) is the order of the {thing}, the {other} and the {third}?",
            "Who comes first, second and third: the {thing}, the {other}, the {third}?",
            "(Put|Bring) the {thing}, the {other} and the {third} in order.", "{thing}, {other}, {third}: in (what|which) order?",
        ],
        ["How do the {thing}, the {other} and the {third} follow one another?", "List the {thing}, the {other} and the {third} as they come."],
    ),
    "action_sequence": (
        [
            "What (does|did) the {thing} do first, and what (does|did) it do then?",
            "What does the {thing} do on its first and (on its |)second visit?",
            "In (what|which) order does the {thing} do things?", "The {thing} comes twice. What does it do (each time|first and then)?",
            "What are the two (actions|movements) of the {thing}?",
            "(Tell me|Say) what the {thing} does first and then.",
        ],
        ["How does the {thing} move the first time and the second time?", "List what the {thing} does, visit by visit."],
    ),
    "count": (
        [
            "How (often|many times) (does|did) the {thing} (come|appear|show up)?", "How (often|many times) (is|was) the {thing} (there|seen|shown)?",
            "How many (visits|appearances) does the {thing} (make|have)?", "Count the (visits|appearances) of the {thing}.",
            "{thing} (how often|how many times|count)?",
            "(Tell me|Say) how (often|many times) the {thing} (comes|appears).",
            "How (often|many times) (do|did|can) (we|you|I) see (the {thing}|{a thing})?", "In how many scenes (is|was) the {thing}?",
            "How many {things} (are there|were there|come|appear)(| in the video)?", "How many {things} (do|did|can) (we|you|I) see?",
            "(Count|How many) {things}?",
        ],
        ["What is the number of times the {thing} turns up?", "How frequently does the {thing} visit?", "What is the number of {things} in all?"],
    ),
    "permanence": (
        [
            "(Does|Did) the {thing} come (back|again)?", "Do we see the {thing} again?", "(Does|Did) the {thing} return?",
            "After its first visit, (does|did) the {thing} come (back|again)?",
            "(Is|Was) the {thing} seen again(| later)?", "Does the {thing} come only once(| or again)?",
            "Will (we|I) see the {thing} (again|once more)?",
        ],
        ["Once gone, is the {thing} ever back?", "Does the {thing} appear a second time?"],
    ),
    "exist": (
        [
            "(Is|Was) there {a thing}( in the video| in this video|)?", "(Do|Did|Can) (we|you|I) (ever |)see {a thing}?",
            "(Does|Did) {a thing} (appear|show up|come)(| in the video)?",
            "(Is|Was) {a thing} (in this video|shown|in it|to be seen)?", "(Does|Did) the video show {a thing}?", "any {thing}?",
            "(Tell me|Say) (whether|if) there (is|was) {a thing}.",
            "(Have|Did) you (seen|see|find|found) {a thing}?", "Is there any {thing}(| in the video| here)?", "(Is|Was) there ever {a thing}?",
        ],
        ["Have you noticed {a thing} anywhere?", "Is {a thing} part of what happens?", "Could I spot {a thing} at some point?"],
    ),
    "sign": (
        [
            "What (does|did) the {ordinal} sign say?", "What (is|was) (written |)on the {ordinal} sign?",
            "(Which|What) word (is|was|stands) on the {ordinal} sign?", "Read the {ordinal} sign(| to me|, please).",
            "What (can|could) you read on the {ordinal} sign?", "(Tell me|Say) what the {ordinal} sign says.",
            "The {ordinal} sign, what does it say?", "What (is|was) the word of the {ordinal} sign?",
        ],
        ["Which text does the {ordinal} sign show?", "What do the letters of the {ordinal} sign spell?"],
    ),
    "first_place": (
        [
            "Where (are|were) we at the {edge}?", "(Which|What) place (is|was|do we see) at the {edge}?",
            "Where is the {edge} (of the video|of it|)?", "At the {edge}, where are we?",
            "In (what|which) place is the {edge}?", "(Tell me|Say) where we are at the {edge}.", "What (is|was) the place at the (very |){edge}?",
        ],
        ["Which place do we get to see at the {edge} of everything?", "At the {edge} of the video, what place is it?"],
    ),
    "place_at": (
        [
            "Where (are|were) we at {time}?", "(Which|What) place (is|was) (it |shown |)at {time}?", "At {time}, where are we?",
            "{time}, (where|which place)?", "(Which|What) place do we see at {time}?",
            "What (is|was) shown at {time}?", "(Tell me|Say) where we are at {time}.", "place at {time}?", "In which place are we at {time}?",
            "What (happens|do we see|is there|can you see) at {time}?",
        ],
        ["Jump to {time}: where is that?", "Where does the video take place at {time}?"],
    ),
    "summary": (
        [
            "(Summarize|Summarise|Sum up) the video.", "What (happens|happened) in (this|the) video?", "What (is|was) (this|the) video about?",
            "Give me (a|the) summary.",
            "(Tell me|Say) what happens in the video.", "(Describe|Outline) the (whole |)video.", "Can you (summarize|sum up) the video?",
            "What (do|did|can) (we|you|I) see( in this video|)?", "What (is|was) there to see?", "What (appears|goes on|is going on)(| in the video| here)?",
            "What (kind of |)video is (this|it)?", "Who (comes|appears)(| in the video)?", "(Tell me|Say) something about (the|this) video.",
            "summary(|, please)",
        ],
        ["Tell me in short what we see in the video.", "Could you give an overview of the video?"],
    ),
    "signs": (
        [
            "What (is|was) (written |)on the signs?", "What do the signs say?", "(What|Which) signs (are there|do we see|can you read)?",
            "Read the (two |)signs(| to me|, please).", "(What|Which) words (are|stand) on the signs?", "(Tell me|Say) what the signs say.",
            "What can (we|you|I) read(| in the video)?", "(Is|Was) there (any |some |)text(| in the video)?", "What text (is|was) (there|shown)?",
        ],
        ["Which text do the signs show?", "Could you read all signs for me?"],
    ),
    "weathers": (
        [
            "What weather (is|was) there?", "(What|Which) weather (do|did|can) (we|you|I) (see|have|get)?", "(How|What) (is|was) the weather(| like)?",
            "What kinds of weather (are|were) there?", "(Tell me|Say) what weather there (is|was).", "(Describe|Name) the weather.",
            "What (is|was) the weather like in (this|the) video?", "How does the weather change?",
        ],
        ["Which kinds of weather do we go through?", "Anything to say about the weather?"],
    ),
    "ends": (
        [
            "Where does (it|the video) (begin|start) and (where does it |)end?", "Where are we at the (beginning|start) and at the end?",
            "(Which|What) places (are|come) first and last?", "(Which|What) (is|was) the first and the last place?",
            "(Tell me|Say) where (it|the video) (begins|starts) and ends.", "From where to where do we go?",
        ],
        ["At which place does it open, and at which does it close?", "Where do we set out, and where do we arrive?"],
    ),
    "check_colour": (
        [
            "(Is|Was) the {thing} {value}?", "(Is|Was) (the colour|the color) of the {thing} {value}?", "(Is|Was) it {a value} {thing}?",
            "(Do|Did) (we|you|I) see {a value} {thing}?", "(Is|Was) there {a value} {thing}?", "The {thing} (is|was) {value}, (right|isn't it|is it)?",
            "(Does|Did) {a value} {thing} (come|appear)?", "(Tell me|Say) (whether|if) the {thing} (is|was) {value}.",
        ],
        ["Would you call the {thing} {value}?", "Is {value} the colour that the {thing} has?"],
    ),
    "check_place": (
        [
            "(Is|Was) the {thing} {value}?", "(Does|Did) the {thing} (come|appear|show up) {value}?", "(Do|Did) (we|you|I) see the {thing} {value}?",
            "The {thing} (is|was) {value}, (right|isn't it|is it)?", "(Is|Was) there {a thing} {value}?",
            "(Tell me|Say) (whether|if) the {thing} (is|was) {value}.",
        ],
        ["Can one meet the {thing} {value}?", "Is it true that the {thing} was {value}?"],
    ),
    "check_order": (
        [
            "(Does|Did) the {thing} (come|appear) {value} the {other}?", "(Is|Was) the {thing} (seen |there |){value} the {other}?",
            "(Do|Did) (we|you|I) see the {thing} {value} the {other}?", "The {thing} (comes|is|was) {value} the {other}, (right|isn't it|is it)?",
            "(Tell me|Say) (whether|if) the {thing} (comes|came|is) {value} the {other}.",
        ],
        ["Is it true that the {thing} was there {value} the {other}?", "Would you say that the {thing} comes {value} the {other}?"],
    ),
    "letter": (["Which option is {option}?", "Which letter goes with {option}?", "(Choose|Pick) {option}.",
    "Where is {option}?"], ["Find {option} among the options."]),
}  # fmt: skip
WORDINGS = {kind: ([*trained, *PARAPHRASES.get(kind, [])], held_out) for kind, (trained, held_out) in WORDINGS.items()}
WORDINGS["last_place"] = WORDINGS["first_place"]


def _visit(question: str) -> list[str]:
    """Ways of asking something about one of several visits."""
    return [f"{question} the {{ordinal}} time?", f"{question} (on|at|during) its {{ordinal}} (visit|stay)?", f"{question} when it comes (for |)the {{ordinal}} time?",
            f"The {{ordinal}} time, {question.lower()}?", f"(On|At) its {{ordinal}} visit, {question.lower()}?", f"Its {{ordinal}} (visit|stay): {question.lower()}?",
            f"(Take|I mean) the {{ordinal}} visit. {question}?"]  # fmt: skip


def _about_the_thing(kind: str) -> list[str]:
    """The kind's plain questions: those that name "the {thing}" once and nothing else."""
    return [pattern for pattern in WORDINGS[kind][0] if pattern.endswith("?") and pattern.count("{") == 1 and "the {thing}" in pattern and not re.search(r"the \{thing\}'|[.:]", pattern)]


def _visits(kind: str, *questions: str) -> list[str]:
    return [pattern for question in (*questions, *(plain[:-1] for plain in _about_the_thing(kind))) for pattern in _visit(question)]


def _of_it(kind: str, *without: str) -> list[str]:
    """The kind's plain questions about what the turn before was about, but for those that would give a held-out one."""
    return [pattern.replace("the {thing}", "{it}") for pattern in _about_the_thing(kind) if not any(words in pattern for words in without)]


#: Of something that comes several times: one visit, by what is asked about it.
VISITS: dict[str, Patterns] = {
    "colour": (_visits("colour", "(What|Which) (colour|color) (is|was) the {thing}"), ["Which colour did the {thing} have on visit number {ordinal}?"]),
    "place": (_visits("place", "Where (is|was) the {thing}"), ["At which place do we meet the {thing} for the {ordinal} time?"]),
    "action": (_visits("action", "What (does|did) the {thing} do"), ["Which movement does the {thing} make the {ordinal} time round?"]),
    "when": ([*_visits("when", "When (does|did|is) the {thing} (come|appear|there)"), "When do we see the {thing} (for |)the {ordinal} time?",
              "When is the {ordinal} visit of the {thing}?"], ["At what time is the {ordinal} appearance of the {thing}?"]),
    "companion": (_visits("companion", "(Who|What) (does|did) the {thing} meet"), ["Whom does the {thing} find there the {ordinal} time?"]),
}  # fmt: skip

#: Rain and snow are what it does, too.
IT_DOES: dict[str, Patterns] = {
    "exist": (["(Does|Did) it (ever |){thing}(| in the video| in this video| here)?", "(Do|Did) (we|you) see it {thing}?"], ["Is it going to {thing} at some point?"]),
    "when": (["When (does|did) it (start to |){thing}?", "(At what|What) time (does|did) it (begin to |){thing}?"], ["To which minute do I jump to see it {thing}?"]),
    "place": (["Where (does|did) it {thing}?", "(In|At) (what|which) place (does|did) it {thing}?"], ["Where are we while it {thing}s?"]),
    "duration": (["(How|For how) long (does|did) it {thing}?", "How many seconds (does|did) it {thing}?"], ["For how much time does it {thing}?"]),
    "cause": (["Why (does|did) it {thing}?", "(Who|What) (makes|made) it {thing}?"], ["Whose visit made it {thing}?"]),
}  # fmt: skip

#: Follow-ups. The thing of the turn before is "it", "that" or not mentioned.
AND_THING: Patterns = (["And (what about |)the {thing}?", "What about the {thing}?", "and the {thing}", "And (for|of) the {thing}?",
    "How about the {thing}?", "(And |)the {thing}, then?", "The {thing} as well?", "(Also|Now|Next|Then) the {thing}(|, please).", "What of the {thing}?", "(The same|Likewise|This|That) (for|of|with|about) the {thing}?",
    "(Do|And) it for the {thing}.", "The {thing}?", "Or the {thing}?", "(And if I ask|I ask the same|And now) about the {thing}?", "(Is it the same|How is it|What is it) (for|with) the {thing}?"],
    ["The {thing} too?", "Same for the {thing}?"])
AND_AFTER: Patterns = (
    ["And after {it}?", "What comes after {it}?", "Where (do|did) we go after {it}?", "And then, after {it}, where are we?",
    "Which place (follows|comes after) {it}?", *_of_it("next", "reach", "is next", "next after", "next |")],
    ["What place do we reach after {it}?"],
)  # fmt: skip
AND_DETAIL: dict[str, Patterns] = {
    "colour": ([*_of_it("colour"), "(And |)what (colour|color) (is|was) {it}?", "And (its|the) (colour|color)? I mean {it}.",
    "What (colour|color) does {it} have?"], ["Which colour did {it} have, then?"]),
    "place": ([*_of_it("place"), "(And |)where (is|was) {it}?", "Where (does|did) {it} (appear|come)?",
    "(In|At) which place (is|was) {it}?"], ["And at which spot was {it}?"]),
    "when": ([*_of_it("when"), "(And |)when (is|was) {it}?", "When (does|did) {it} (appear|come)?",
    "(And |)at what time (does|did) {it} (come|appear)?"], ["At which moment was {it} there?"]),
    "action": ([*_of_it("action"), "(And |)what (does|did) {it} do?", "(And |)how (does|did) {it} move?"], ["What movement did {it} make?"]),
    "companion": ([*_of_it("companion"), "(And |)what (does|did) {it} meet?", "(And |)(who|what) (is|was) with {it}?",
    "(Who|What) (is|was) beside {it}?"], ["Whom did {it} meet there?"]),
    "next": ([*_of_it("next", "reach", "is next", "next after", "next |"), "(And |)where do we go after {it}?"], ["Which place is next after {it}?"]),
    "side": ([*_of_it("side"), "(And |)on (which|what) side (is|was) {it}?", "Is {it} (on the |)left or right?"], ["Left or right, where did {it} stand?"]),
    "duration": ([*_of_it("duration", "how many seconds"), "(And |)how long (does|did) {it} (last|go on)?", "(And |)for how long (is|was) {it} there?"], ["For how many seconds was {it} there?"]),
    "cause": ([*_of_it("cause"), "(And |)why (is|was) {it} there?", "(And |)what (brings|brought|causes|caused) {it}?"], ["What was {it} the result of?"]),
    "effect": ([*_of_it("effect"), "(And |)what happens (right |)after {it} comes?", "(And |)what does {it} bring?"], ["What did {it} lead to?"]),
    "describe": ([*_of_it("describe"), "Tell me (all|more) about {it}.", "(Can you d|D)escribe {it}(|, please)?", "What else (can|do) you (say|know) about {it}?"], ["What is there to know about {it}?"]),
}  # fmt: skip

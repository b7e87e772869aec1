"""More ways to ask the same, in other words and other orders of words.

A model of this size knows only the words that it was taught: asked in 1,000 sentences of a dozen verbs, it lost 25 points
on sentences of others (training/LOG.md). None of these is a held-out sentence (a test checks it).
"""

PARAPHRASES: dict[str, list[str]] = {
    "colour": [
        "(Do you remember|Can you recall|Have you seen) what (colour|color) the {thing} (is|was|had)?", "The {thing} that (comes|shows up): (what|which) (colour|color)?",
        "What (colour|color) would you (give|call) the {thing}?", "(How would you describe|Describe|Report|Give) the {thing}'s (colour|color).",
        "(I missed|I did not see) the (colour|color) of the {thing}. What (is|was) it?", "In what (shade|paint) (is|was) the {thing}?",
        "Is the {thing} red, blue, green or (something else|what)?", "(Could|Would) you name the (colour|color) that the {thing} (has|had)?",
        "(What|Which) (is|was) the {thing} painted?", "(Which|What) (colour|color) did you (notice|see) on the {thing}?",
    ],
    "place": [
        "(I search for|I look for|I need to find|Help me find|Show me the way to) the {thing}. (In which place|At which place|Where) (is|was) (it|that)?", "(In|At) (which|what) (place|spot) (would|could|can) (I|one|we) (find|meet|see) the {thing}?",
        "(Which|What) place (should|must) (I|we) (visit|go to) to (see|find|meet) the {thing}?", "Is the {thing} at the harbour, in the park or (where|somewhere else)?", "Where (in the video|around here|in the world) (is|was) the {thing}?",
        "The place of the {thing}(|, please)?", "(Where|In which place) (has|had) the {thing} (been|gone|stood)?", "(Where|At what place) (does|did) the {thing} (stay|stand|spend its visit)?",
        "In (which|what) part of (the town|town) (is|was|do we see) the {thing}?", "(Do you know|Do you remember|Can you tell me) where the {thing} (is|was|appears|shows up)?",
        "(I want|I'd like) to (find|see|visit) the {thing}. Where (is|was) it?", "(Which|What) (spot|location|scene) (is|was) the {thing} (in|at)?",
        "Where (should|must|would) I (look|search) for the {thing}?", "(To|In) (which|what) place does the {thing} (belong|turn up|come)?",
        "The {thing} (turns up|shows up|is seen): where?", "What (is|was) around the {thing}: (the|which) place?", "Where (is|was) the {thing} (found|seen|spotted|standing)?",
        "(Which|What) place shows the {thing}?", "At (what|which) place (do|did|can) (we|you|I) (notice|spot|meet) the {thing}?",
    ],
    "action": [
        "What (happens|happened) with the {thing}?", "(How|In which way) (is|was) the {thing} moving?", "(Does|Did) the {thing} (move|stay|go) (somewhere|anywhere)(|, and where to)?",
        "(What kind of|Which|What) (movement|action|motion) (is|was) that of the {thing}?", "Is the {thing} going up, down, left or right?",
        "(Does|Did) the {thing} (move|go|stay still|grow)?", "What (is|was) the {thing} up to?", "(Do you know|Do you remember) what the {thing} (does|did)?",
        "Which way (is|was) the {thing} (moving|going|heading)?", "(Tell me|Say) how the {thing} (moves|moved|behaves).", "What did you see the {thing} do?",
        "(What|How) does the {thing} (show|behave)?",
    ],
    "when": [
        "(Do you know|Do you remember|Can you tell me|I wonder) when the {thing} (comes|came|appears|is there)?", "(At which|In which|In what) second (is|was|does) the {thing} (there|come)?",
        "(I want|I'd like) to see the {thing}. (When|At what time|To which time) (is that|do I go)?", "(To what|To which) (minute|moment|place on the clock) do I go to see the {thing}?",
        "What (is|was) the (moment|minute|time) (of|for|when we see) the {thing}?", "When exactly (is|was|does) the {thing} (seen|show up|there)?",
        "How (late|long into it|many minutes in) (is|was|does) the {thing} (come|there|appear)?", "(Jump|Take me|Go) to the {thing}. (When|What time) is that?",
        "(Which|What) time (stamp |)(is|was) it when the {thing} (comes|appears|shows up)?", "When did you (notice|see|spot|find) (the {thing}|{a thing})?",
        "(At what|At which) point (does|did) the {thing} (turn up|come|appear)?",
    ],
    "action_when": [
        "(Do you know|Can you tell me|I wonder) when the {thing} (starts to|is seen to) {verb}?", "What (is|was) the (time|moment|minute) when the {thing} (begins to|starts to) {verb}?",
        "(I want to|I'd like to) watch the {thing} {verb}. When is (that|it)?", "At which second does the {thing} {verb}?", "(To which|To what) (time|minute) do I jump to see the {thing} {verb}?",
        "When did you (see|notice|watch) the {thing} {verb}?", "(In which|At which) minute (does|did) the {thing} {verb}?", "The {thing} (starts to|can) {verb}: (when|at what time)?",
    ],
    "companion": [
        "(Who|What) (does|did) the {thing} (visit|find|join|come across)?", "(Who|What|Which figure) (else |)(is|was) in the picture with the {thing}?",
        "(Who|What) (kept|gives|gave) the {thing} company?", "Who keeps company with the {thing}?", "With (whom|what|which figure) (is|was|do we see) the {thing}?",
        "(Who|What) (shares|shared) the (scene|place) with the {thing}?", "(Do you know|Can you tell me) (who|what) (is|was) (near|by|beside) the {thing}?",
        "Whom (is|was) the {thing} (near|with|beside)?", "Which (neighbour|friend|figure) (is|was) there with the {thing}?", "(Who|What) (stands|stood|was standing) (by|next to|near) the {thing}?",
    ],
    "side": [
        "Where in the picture (is|was) the {thing}, (left or right|on the left or on the right)?", "(Does|Did) the {thing} (stand|appear|come) (on the|to the) left or on the right?",
        "(Which|What) half of the picture (is|was) the {thing} in(|, left or right)?", "(Do you know|Can you tell me) (which side|on which side) the {thing} (is|was|stands) on?",
        "(To|On) (which|what) side (does|did) the {thing} (stand|appear)?", "(Left or right|Which side), the {thing}?", "Is it on the (left|right) that the {thing} stands, or on the other side?",
    ],
    "next": [
        "(After|Once) the {thing} (leaves|left|is done|disappears|disappeared|finishes), (which place|what place|where) (is|comes|do we see|follows)(| next| then)?",
        "The {thing} (is gone|goes away|leaves|is past|has finished). (Where to|Where are we|Which place) (now|next|then)?", "(Where|To which place) (does|did) the (video|story|journey|trip|tour) (continue|go on|move on) (after|past) the {thing}?",
        "(Which|What) (place|scene) (replaces|takes over from|comes behind|succeeds) the {thing}?", "(Next stop|The next scene) after the {thing}(|: which place)?", "(With|When) the {thing} (over|gone|away), where (next|does it go|are we taken)?",
        "(Past|Behind|Beyond) the {thing}, (which|what) place (is|comes)(| next)?", "What follows the {thing}? I mean the place.",
        "(When|Once|As soon as) the {thing} (has left|is over|has gone), where (are|were|do) we(| go)?", "(Which|What) (scene|place) do we (reach|see|get to|come to) after the {thing}?",
        "(To|In) (which|what) place (does|do) (it|the video|we) (lead|move|go) (us |)after the {thing}?", "Where (does|did) the (film|video|next scene) (take|bring|lead) us after the {thing}?",
        "(Do you know|Can you tell me) where we (go|are|end up) after the {thing}?", "(First|At first) there is the {thing}. Where (are we|do we go) (next|then)?",
        "What (is|was) the scene after the one with the {thing}?", "Leaving the {thing} (behind|), where (do|are) we (go|come|)?", "Which place is next, after the {thing}?",
    ],
    "effect": [
        "What (is|was) the (result|outcome|consequence) of the {thing} (coming|being there)?", "(What|Which weather) did the {thing}'s (visit|coming) (lead to|bring|cause)?",
        "(Does|Did) (something|anything) happen (because of|after) the {thing}(|, and what)?", "(Do you know|Can you tell me) what (comes|happens|came) after the {thing}?",
        "What does the {thing} (lead to|cause|start|change)?", "Because of the {thing}, what (happens|is there)?", "The {thing} (comes|came), and then(| what)?",
        "What (changes|changed|began) when the {thing} (came|was there|left)?", "(What|Which weather) (is|was) there (right |)after the {thing}?",
    ],
    "duration": [
        "How much time (does|did|of) the {thing} (last|fill|have)?", "(For|During|Over) how many seconds (is|was|do we see) the {thing}(| there)?",
        "(Do you know|Can you tell me|I wonder) how long the {thing} (lasts|lasted|is there|took)?", "How (many|much) (seconds|time) (pass|passes) until the {thing} is over?",
        "(Is|Was) the {thing} (long|short)? How many seconds?", "What (is|was) the duration of the {thing}?", "(From beginning to end|In seconds), how long (is|was) the {thing}?",
        "How many seconds (do|did) (we|you) get of the {thing}?", "(How|For how) long (do|did|can) (we|you) (see|watch) the {thing}?",
    ],
    "cause": [
        "(Who|What) (is|was) (it that |)(behind|responsible for) the {thing}?", "(Whose|Which) (coming|visit|fault) (is|was|brought|made) the {thing}?",
        "(Who|What|Which figure) (came|was there) (right |just |)before the {thing}?", "What (led|leads) to the {thing}?", "From (whom|what) does the {thing} (come|result)?",
        "(Do you know|Can you tell me|I wonder) why there (is|was) {a thing}?", "The {thing} (follows|followed) whose visit?", "How come there (is|was) {a thing}?",
        "After (whose|which) visit (does|did) the {thing} (come|begin|start)?", "What (is|was) the {thing} (there for|due to|because of)?", "The result of what (is|was) the {thing}?",
    ],
    "describe": [
        "What (is|was) there to (say|tell|see) about the {thing}?", "(Report|Write|Say) (in|with) (one|a) sentence (about|on) the {thing}.", "(I want to|I'd like to) know (more|everything) about the {thing}.",
        "(Do you know|Do you remember) (anything|something) about the {thing}?", "(How|In what way) would you describe the {thing}?", "(Give me|Write) a (report|description) of the {thing}.",
        "What (have|did) you (seen|see|noticed|notice) of the {thing}?", "(All|Everything) (about|on) the {thing}, please.", "The {thing}: tell me (all|everything|more).",
        "What happens (around|with) the {thing}?",
    ],
    "order": [
        "(Which|What|Who) (shows up|turns up|is seen|came) (earlier|sooner|first): the {thing} or the {other}?", "(Which|What) of the two (comes|is|was) (first|earlier), the {thing} or the {other}?",
        "(Do you know|Can you tell me) (which|what) (comes|came) first, the {thing} or the {other}?", "(Who|Which one) (is|was) (faster|quicker|sooner|there first), the {thing} or the {other}?",
        "Between the {thing} and the {other}, (which|who) (is|comes) (first|earlier)?", "The {thing} or the {other}: (which|who) (is|was) (the first|earlier)?",
        "What do we see (first|earlier|sooner), the {thing} or the {other}?", "(Does|Did) the {thing} or the {other} (appear|come|turn up) first?",
    ],
    "before_after": [
        "(Does|Did) the {thing} (appear|turn up|show up) before or after the {other}?", "In time, does the {thing} come before or after the {other}?",
        "(Do you know|Can you tell me) (if|whether) the {thing} (is|was|came) before or after the {other}?", "Before the {other} or after it: when (is|was) the {thing}?",
        "Is it before or after the {other} that (we see|there is) the {thing}?", "(Is|Was) the {thing} earlier or later than the {other}? Before or after?",
        "The {thing} and the {other}: is the first one before or after?", "(After|Before) the {other} or (before|after), when does the {thing} come?",
    ],
    "gap": [
        "(What|How much) (time|of the film|of it all) (goes by|is|passes) (from|between) the {thing} (to|and) the {other}?", "(How long|How much) (does|did) one (wait|have to wait) (from the {thing} to|between the {thing} and) the {other}?",
        "(What|Which) (portion|fraction|piece) of the video (parts|keeps apart|comes between) the {thing} and the {other}?", "(Is|Was) it (long|far|much) from the {thing} to the {other}? How much of the video?", "(Compare|Take) the {thing} and the {other}: how far apart are they?",
        "How (big|large|long) (is|was) the (distance|time|stretch) between the {thing} and the {other}?", "(What|Which|How big a) (share|part|piece) of the video (is|lies) between the {thing} and the {other}?",
        "How much (is|was) there between the {thing} and the {other}?", "(What|How much) (separates|divides) the {thing} and the {other}?", "(Do you know|Can you tell me) how far apart the {thing} and the {other} (are|were)?",
        "How (near|close) (is|are) the {thing} (to|and) the {other} in time?", "From the {thing} to the {other}, how much (of the video |)(passes|is it)?", "(Are|Were) the {thing} and the {other} (close|far apart)? How much lies between?",
    ],
    "sequence": [
        "How (do|did) the {thing}, the {other} and the {third} (come|follow)(|, in order)?", "(List|Name|Give) the {thing}, the {other} and the {third} (in order|by time|from first to last).",
        "(Which|What) comes first, then and last: the {thing}, the {other} or the {third}?", "One after another: how do the {thing}, the {other} and the {third} (come|appear)?",
        "(Tell me|Say) in which order the {thing}, the {other} and the {third} (come|follow).", "The {thing}, the {other}, the {third}: (who|what) (follows|comes after) whom?",
        "(Line up|Arrange) the {thing}, the {other} and the {third} (in order|by when they come).", "When the {thing}, the {other} and the {third} come, which is first and which is last?",
        "(List|Order) (them as|how) they (come|appear): {thing}, {other}, {third}.",
    ],
    "action_sequence": [
        "(What|Which things) (does|did) the {thing} do, (one visit after the other|first this then what|from visit to visit)?", "(Tell me|Report|Write down) (what|how) the {thing} (does|did|moves) (on each visit|at each visit|both times|every time).",
        "(Its|The) movements in order: (what|how) (does|did) the {thing} (do|move)?", "(On|At) (both|its two|each of its) visits, what (does|did) the {thing} do?", "How (does|did) the {thing} (move|behave) when it comes and when it comes again?",
        "(First|At first) the {thing} does what, and (then|later|after that) what?", "(Name|Give|Show me) all that the {thing} does, in (order|turn).", "(What|Which) two things (does|did) the {thing} do?",
        "How (does|did) the {thing} (move|behave) first and (how |)then?", "(List|Name) (both|the two|the) (actions|movements) of the {thing}(|, in order).", "Visit by visit, what (does|did) the {thing} do?",
        "The first time and the second time, what (does|did) the {thing} do?", "(What|Which) (actions|movements) does the {thing} (make|show), one after another?",
        "(Tell me|Say) how the {thing} moves each time.", "What did the {thing} do at first, and what later?", "(From|In its) first to second visit, how does the {thing} move?",
    ],
    "count": [
        "(What|Which) (is|was) the number of (visits|appearances) of the {thing}?", "(Do you know|Can you tell me) how (often|many times) the {thing} (comes|came|is there)?",
        "How (often|many times) (does|did) the {thing} (turn up|visit|stop by)?", "(What is the count|Give me the number) of the {thing}.", "The {thing} comes (how often|how many times)?",
        "(How many|What number of) (times|visits) (is|was|were) it for the {thing}?", "How (frequent|often) (is|are) (the visits of |)the {thing}?", "(Say|Tell me) the number of times we see the {thing}.",
        "How (often|many times) (did|do) you (notice|spot|count) the {thing}?", "In all, how (often|many times) (is|was) the {thing} there?",
    ],
    "permanence": [
        "(Is|Was) the {thing} ever (seen again|back|there again)?", "(Does|Did) the {thing} (appear|show up|turn up) (again|more than once)?", "(Does|Did) the {thing} (turn up|come) a second time?",
        "Once (it has|the {thing} has) gone, does (it|the {thing}) (come|turn up) again? I mean the {thing}.", "(Do you know|Can you tell me) (if|whether) the {thing} (comes|came) (back|again)?",
        "(Is|Was) that the only (visit|time) of the {thing}, or does it come again?", "(Will|Can) the {thing} be (seen|there) again?", "(Has|Did) the {thing} (come|been) (here |)(twice|again)?",
        "Is there another visit of the {thing}?",
    ],
    "exist": [
        "(Did|Have|Do) you (notice|noticed|spot|spotted) {a thing}?", "(Can|Could) {a thing} be (seen|found|spotted)(| somewhere| anywhere)?", "Does {a thing} (turn up|happen|occur)(| anywhere| somewhere| at all)?",
        "(At any point|Ever|Anywhere|At some moment), (is|was) there {a thing}?", "(I am|I'm) looking for {a thing}. Is there one?", "(Does|Did) (the film|it|this) (have|contain|show) {a thing}?",
        "(Will|Can) I (find|see|meet) {a thing} (somewhere|anywhere|here)?", "(Is|Was) {a thing} (part of it|among them|one of the things)?", "(Do you know|Can you tell me) (if|whether) there (is|was) {a thing}?",
        "{a thing}, (is|was) there one?", "(Could|Might) there be {a thing}?", "(Have we|Do we) (got|have|meet) {a thing}?", "Is it true that there (is|was) {a thing}?",
    ],
    "sign": [
        "(Which|What) (text|word|letters) (is|are|was) (shown |written |)on the {ordinal} sign?", "(Do you know|Can you tell me|Could you read) what the {ordinal} sign says?",
        "What (stands|is there to read) on the {ordinal} sign?", "What (does|do) the (word|letters) of the {ordinal} sign (say|read)?", "(Spell|Read out|Give me) the {ordinal} sign.",
        "(I missed|I could not read) the {ordinal} sign. What (is|was) it?", "Which word does the {ordinal} sign (have|show|carry)?",
    ],
    "first_place": [
        "(Which|What) place do we (see|get|visit) at the {edge}?", "(Do you know|Can you tell me) where we are at the {edge}?", "The {edge} of the video: (where|which place) is (it|that)?",
        "(In|At) (which|what) (place|scene) (is|do we have) the {edge}?", "Where (does|did) the {edge} (of it |of the video |)(happen|take place)?", "What do we see of the town at the {edge}?",
        "(Name|Give me) the place at the {edge}.",
    ],
    "place_at": [
        "(Jump|Go|Take me) to {time}. (Where|Which place) (is that|are we)?", "(Do you know|Can you tell me) where we are at {time}?", "(Which|What) place (is|do we see) (there |)when the clock says {time}?",
        "(Where|In which place) (does|do) (it|the video) (happen|stand) at {time}?", "{time} (shows|is) (where|which place)?", "Where (is|was) the video at {time}?",
        "What place does {time} show?", "At minute {time}, (where|in which place) are we?",
    ],
    "summary": [
        "(In short|In brief|Shortly), what (happens|do we see)?", "(Give|Write) (me |)(an overview|a short report)(| of the video| of it)?", "(Could|Would) you (summarize|sum up|describe) (it|this|everything)(| for me)?",
        "(Everything|All) in short, please.", "What did (we|you|I) (see|miss)(| in the video)?", "Tell me (in a few words|shortly) what (happens|it is about).", "(What's|What is) the (story|plot)?",
        "(I have no time|I did not watch it). What happens?",
    ],
    "signs": ["(Which|What) (text|letters) (do|did) (we|you) see on (the|both) signs?", "(Do you know|Can you tell me) what the signs say?", "(Could|Can) you read (both|the|the two) signs?", "(List|Name) the (words|signs)(| that we see).", "What was there to read?", "(Is|Was) there (anything|something) (to read|written)?"],
    "weathers": ["(Which|What) (kinds|sorts) of weather (come|do we see|appear)?", "(Do you know|Can you tell me) what the weather (is|was) like?", "(Is|Was) the weather (good|bad)? What was there?", "(List|Tell me about) the weather.", "What does the weather do?", "(Is|Was) there any (bad |)weather?"],
    "ends": ["(At|In) which place does it (start|begin), and (at|in) which does it end?", "(Do you know|Can you tell me) where it (begins|starts) and where it ends?", "From which place to which does (it|the video) (go|lead)?", "The first place and the last(| one): which are they?"],
    "check_colour": [
        "(Am I right that|Surely|So) the {thing} (is|was) {value}?", "(Is|Was) {value} the (colour|color) of the {thing}?", "(They say|Somebody said|I read) the {thing} (is|was) {value}. (Is it|Was it|Really)?", "The {thing} (has|had) the (colour|color) {value}, (yes or no|no|doesn't it)?", "{value} {thing}: (yes or no|true|right)?",
        "(Do you agree|Is it right|Is it so) that the {thing} (is|was) {value}?", "(Would you say|Do you think) the {thing} (is|was) {value}?", "(I think|I believe) the {thing} (is|was) {value}. (Right|Is that so|True)?", "{value}, is that the colour of the {thing}?"],
    "check_place": [
        "(Am I right that|Surely|So) the {thing} (is|was) {value}?", "(Is|Was) it {value} that (we see|there is) the {thing}?", "(They say|Somebody said|I read) the {thing} (is|was) {value}. (Is it|Was it|Really)?", "(Does|Did) the {thing} (stay|stand|happen|turn up) {value}?", "The {thing} {value}: (yes or no|true|right)?",
        "(Do you agree|Is it right|Is it so) that the {thing} (is|was) {value}?", "(Would you say|Do you think) the {thing} (is|was) {value}?", "(Can|Could) (we|you|I|one) (see|find) the {thing} {value}?", "(I think|I believe) the {thing} (is|was) {value}. (Right|Is that so|True)?"],
    "check_order": [
        "(Am I right that|Surely|So) the {thing} (comes|came|was) {value} the {other}?", "(They say|Somebody said|I read) the {thing} (comes|came) {value} the {other}. (Is it so|Really)?", "The {thing} {value} the {other}: (yes or no|true|right)?", "(Could|Can) it be that the {thing} (comes|came|is) {value} the {other}?",
        "(Do you agree|Is it right|Is it so) that the {thing} (comes|was) {value} the {other}?", "(Do you think|Would you say) the {thing} (is|was) {value} the {other}?", "(I think|I believe) the {thing} (comes|came) {value} the {other}. (Right|Is that so|True)?"],
    "letter": ["(Which|What) letter (is|stands for|has) {option}?", "(Tell me|Say|Name) the letter of {option}.", "{option}: which letter?", "Look for {option}."],
}  # fmt: skip

"""Still more sentences for rewording.py, the way people type. None of them is a held-out wording of the world."""

_COLOUR = [
    "What colour is this {actor}?", "What color was the {actor}?", "Which color did the {actor} have?", "colour of the {actor}?",
    "The colour of the {actor}, please?", "{actor} colour?", "What colour do you see on the {actor}?", "what's the {actor}'s colour?",
    "I want to know the colour of the {actor}.", "The {actor} that shows up, which colour is it?", "What is the {actor}'s color?",
    "When the {actor} appears, what colour is it?", "What colour was the {actor} we saw?", "Name the colour of the {actor}.",
    "The {actor} has what colour?", "Which colour was the {actor} painted?", "Could you name the colour of the {actor}?",
    "What colour did the {actor} have?", "So the {actor} was what colour?", "How is the {actor} coloured?", "Say what colour the {actor} is.",
    "Remember the {actor}? What colour was it?", "There was {a_actor}. What colour was it?", "Is the {actor} red, blue or another colour?",
]  # fmt: skip
_PLACE = [
    "Where could I see the {actor}?", "In what place was the {actor}?", "Which place is the {actor} at?", "{actor} location?",
    "Where in the video is the {actor}?", "Where exactly does the {actor} show up?", "Where was the {actor} seen?", "where's the {actor}?",
    "At which place do you see the {actor}?", "Which place did the {actor} visit?", "I am looking for the {actor}. Where is it?",
    "Where did the {actor} appear?", "Name the place of the {actor}.", "Where was the {actor} when we saw it?", "Which scene has the {actor}?",
    "What place is behind the {actor}?", "In which part of town is the {actor}?", "Where does one find the {actor}?",
    "There was {a_actor}. Where was it?", "Where did we meet the {actor}?", "Say where the {actor} is.", "What is the {actor}'s place?",
    "The {actor}, where is it?", "Where should I look for the {actor}?",
]  # fmt: skip
_EXIST = [
    "Do you see {a_actor}?", "Did you see {a_actor}?", "Does {a_actor} come by?", "Is {a_actor} shown?", "Any {actor} in the video?",
    "any {actor}?", "Does {a_actor} ever appear?", "Is there {a_actor} somewhere?", "Did {a_actor} show up?", "Have we seen {a_actor}?",
    "Was {a_actor} there?", "Can you find {a_actor}?", "Could you see {a_actor} in it?", "Is {a_actor} visible at some point?",
    "Do you remember {a_actor}?", "Would I see {a_actor} in this video?", "Does {a_actor} pass by?", "Has {a_actor} been there?",
    "Tell me whether there is {a_actor}.", "Say if {a_actor} appears.", "Is {a_actor} part of this video?", "Are there any {actor} scenes?",
]  # fmt: skip
_ORDER = [
    "Which came first, the {actor} or the {other}?", "Which was first, the {actor} or the {other}?", "{actor} or {other} first?",
    "Who came earlier, the {actor} or the {other}?", "Did the {actor} or the {other} come first?", "What came first: {actor} or {other}?",
    "Of the two, {actor} and {other}, which comes first?", "Does the {actor} come before the {other} or is the {other} first?",
    "Which do you see first, the {actor} or the {other}?", "The {actor} and the {other}: which one is earlier?",
    "Tell me which comes first, the {actor} or the {other}.", "Which shows up first, the {actor} or the {other}?",
    "Who appears first, the {actor} or the {other}?", "Which did we see first, the {actor} or the {other}?",
    "What is the first to appear, the {actor} or the {other}?", "Compare the {actor} and the {other}: who is first?",
]  # fmt: skip
_WHEN = [
    "When did the {actor} appear?", "When does the {actor} show up?", "When can I see the {actor}?", "when's the {actor}?",
    "At what time did the {actor} show up?", "When was the {actor} seen?", "What time was it when the {actor} came?", "{actor} when?",
    "At what minute does the {actor} appear?", "Give me the time of the {actor}.", "Which time should I jump to for the {actor}?",
    "When exactly is the {actor} there?", "When does the {actor} come?", "Where on the clock is the {actor}?", "Say when the {actor} appears.",
    "Find the moment with the {actor}.", "I want to see the {actor}. When is it?", "There was {a_actor}. When was it?",
    "The {actor}, when does it appear?", "How far into the video is the {actor}?", "When did the {actor} come by?", "What is the {actor}'s time?",
]  # fmt: skip
_COUNT = [
    "How many times did the {actor} appear?", "How often did the {actor} come?", "How often can I see the {actor}?", "{actor} how often?",
    "How many times was the {actor} there?", "In how many scenes is the {actor}?", "What is the number of visits of the {actor}?",
    "How many appearances does the {actor} have?", "Count the visits of the {actor}.", "How many {actor} visits are there?",
    "How many times can the {actor} be seen?", "How often was the {actor} seen?", "Say how many times the {actor} comes.",
    "The {actor}, how often does it appear?", "How many times has the {actor} come by?", "Can you count the {actor}'s visits?",
]  # fmt: skip
_ACTION = [
    "What was the {actor} doing?", "How did the {actor} move?", "Where does the {actor} move to?", "Which way did the {actor} go?",
    "In what direction does the {actor} move?", "Is the {actor} moving or still?", "Does the {actor} move, and how?", "{actor} movement?",
    "What happened to the {actor}?", "Say how the {actor} moves.", "In which direction did the {actor} go?", "How does the {actor} behave?",
    "There was {a_actor}. What was it doing?", "What action does the {actor} perform?", "The {actor}, what does it do?",
    "How was the {actor} moving?", "What is the movement of the {actor}?", "Can you say what the {actor} is doing?",
]  # fmt: skip
_NEXT = [
    "Where did we go after the {actor}?", "What place came after the {actor}?", "What comes after the scene with the {actor}?",
    "Which place is next after the {actor}?", "After the {actor} appears, where do we go?", "What is shown after the {actor}'s place?",
    "Where is the scene that follows the {actor}?", "What place comes next, after the {actor}?", "Once we saw the {actor}, where did we go?",
    "Say which place follows the {actor}.", "Which place was shown after the {actor}?", "After the {actor}, where to?",
]  # fmt: skip
_FIRST_PLACE = [
    "Where did the video begin?", "Where did it start?", "What was the first place?", "Where does it begin?", "Which place was first?",
    "What do we see first?", "Name the first place.", "Where is the first scene?", "What place does the video open with?", "first place?",
    "In what place does it begin?", "Where were we in the beginning?", "Tell me the first place.", "Which place opens the video?",
]  # fmt: skip
_PLACE_AT = [
    "Where were we at {time}?", "What is shown at {time}?", "Which place was it at {time}?", "{time}, which place?", "place at {time}?",
    "What place is seen at {time}?", "In which place are we at {time}?", "Say where we are at {time}.", "At {time} we are where?",
    "Jump to {time}: where is that?", "What can I see at {time}?", "Which place comes at {time}?",
]  # fmt: skip
_DESCRIBE = [
    "What about the {actor}?", "Say something about the {actor}.", "Could you describe the {actor}?", "Can you tell me about the {actor}?",
    "What is there to know about the {actor}?", "What do you see of the {actor}?", "Describe the visit of the {actor}.",
    "Who or what is the {actor}?", "I want to know all about the {actor}.", "Tell me more about the {actor}.", "Summarize the {actor}.",
    "Describe the {actor} in one sentence.", "What is the story of the {actor}?", "Report on the {actor}.",
]  # fmt: skip
MORE_SENTENCES: dict[str, list[str]] = {
    "colour": _COLOUR, "place": _PLACE, "exist": _EXIST, "order": _ORDER, "when": _WHEN, "count": _COUNT, "action": _ACTION,
    "next": _NEXT, "first_place": _FIRST_PLACE, "place_at": _PLACE_AT, "describe": _DESCRIBE,
}  # fmt: skip

MORE_OFF_TOPIC = [
    "What colour is the fountain?", "Where is the snowman?", "What colour is the train?", "How many windows has the school?",
    "Is the sun shining?", "Who lives in the castle?", "Is there a person in the video?", "Do you see a bird?", "Is there a tree?",
    "What colour are the flags?", "Does a man appear?", "Where is the dog?", "When does the bus come?", "How many trees are there?",
    "Which comes first, the dog or the horse?", "Who is talking?", "What is said?", "What is the title?", "Who directed it?",
    "Which camera was used?", "Is it day or night?", "What season is it?", "Tell me about yourself.", "Who built you?", "How do you work?",
    "Can you help me?", "I have a question.", "Nice to meet you", "Good night!", "yes", "no", "maybe", "ok then", "great", "Wow!",
    "What is love?", "Count to ten.", "Say the alphabet.", "What rhymes with cat?", "Draw me a duck.", "Sing something.",
    "Give me the news.", "What is your opinion?", "Can you see me?", "Where am I?", "What is on television?", "Order a pizza.",
    "Set an alarm.", "Play some music.", "How heavy is an elephant?", "What is a robot?", "Why do cats purr?", "How fast is a rocket?",
    "Where do ducks live?", "Who invented the car?", "Explain gravity.", "What does this mean?", "Is this real?", "Is it over?",
    "Was that good?", "Try again", "Please repeat that.", "I do not understand.", "Never mind", "lol", "qwerty", "x", "42", "...", "Hola",
    "Make a list of everything.", "What are the key events?", "Give me the highlights.", "What should I watch?", "Skip ahead.",
    "Was the door open?", "Which shoes does he wear?", "How much does it cost?", "What is in the box?", "Where is my phone?",
]  # fmt: skip

"""How questions are worded. {actor}, {other} and {time} mark what a question looks up in the video.

Every kind has wordings for training and others that are held out, to see whether a model understands more
than the sentences it was taught.
"""

COLOUR = (
    [
        "What colour is the {actor}?",
        "Which colour is the {actor}?",
        "What is the colour of the {actor}?",
        "The {actor}, what colour is it?",
        "Tell me the colour of the {actor}.",
        "Can you tell me what colour the {actor} is?",
        "What color is the {actor}?",
        "What colour does the {actor} have?",
    ],
    [
        "Do you know the colour of the {actor}?",
        "In what colour is the {actor} shown?",
        "What colour was the {actor} that appeared?",
    ],
)
PLACE = (
    [
        "Where does the {actor} appear?",
        "Where is the {actor}?",
        "In which place does the {actor} appear?",
        "Where do we see the {actor}?",
        "Where can I find the {actor}?",
        "At what place is the {actor} shown?",
        "Tell me where the {actor} appears.",
        "Where was the {actor}?",
    ],
    [
        "Which place does the {actor} show up in?",
        "Where in town can the {actor} be seen?",
        "Where did you see the {actor}?",
    ],
)
EXIST = (
    [
        "Does {a_actor} appear in the video?",
        "Is there {a_actor} in the video?",
        "Does the video show {a_actor}?",
        "Do we ever see {a_actor}?",
        "Is {a_actor} in this video?",
        "Can {a_actor} be seen at any time?",
        "Did {a_actor} appear?",
        "Is there any {actor}?",
    ],
    ["Have you seen {a_actor} anywhere?", "Does {a_actor} show up at some point?", "Was there {a_actor} in the video?"],
)
ORDER = (
    [
        "Which comes first, the {actor} or the {other}?",
        "What appears first, the {actor} or the {other}?",
        "Who is first, the {actor} or the {other}?",
        "Do we see the {actor} or the {other} first?",
        "Which one appears earlier, the {actor} or the {other}?",
        "The {actor} or the {other}: which comes first?",
        "Between the {actor} and the {other}, which appears first?",
        "Which is seen earlier: the {actor} or the {other}?",
    ],
    ["Is it the {actor} or the {other} that appears first?", "Of the {actor} and the {other}, which is earlier?"],
)
WHEN = (
    [
        "When does the {actor} appear?",
        "At what time does the {actor} appear?",
        "When do we see the {actor}?",
        "When is the {actor} shown?",
        "Tell me when the {actor} appears.",
        "At what time can I see the {actor}?",
        "What time does the {actor} appear?",
        "When was the {actor} there?",
    ],
    [
        "At which moment does the {actor} show up?",
        "When did you see the {actor}?",
        "What is the time at which the {actor} appears?",
    ],
)
COUNT = (
    [
        "How many times does the {actor} appear?",
        "How often does the {actor} appear?",
        "How many times do we see the {actor}?",
        "Count how many times the {actor} appears.",
        "How often is the {actor} shown?",
        "How many times is the {actor} in the video?",
        "How often do we see the {actor}?",
        "How many visits does the {actor} make?",
    ],
    [
        "How many times does the {actor} show up?",
        "How often did you see the {actor}?",
        "Tell me how often the {actor} appears.",
    ],
)
ACTION = (
    [
        "How does the {actor} move?",
        "What does the {actor} do?",
        "What is the {actor} doing?",
        "In which way does the {actor} move?",
        "Which way does the {actor} go?",
        "What happens to the {actor}?",
        "Describe how the {actor} moves.",
        "How is the {actor} moving?",
    ],
    ["What did the {actor} do?", "Tell me what the {actor} does.", "What movement does the {actor} make?"],
)
NEXT = (
    [
        "Where do we go after the {actor}?",
        "Which place comes after the one with the {actor}?",
        "What is the next place after the {actor} appears?",
        "Where does the next scene after the {actor} take place?",
        "After the {actor}, which place comes next?",
        "Which place follows the scene with the {actor}?",
        "Where are we next, after the {actor} appears?",
        "What place do we see next after the {actor}?",
    ],
    ["Where does the video go after the {actor}?", "Which place comes next once the {actor} was there?"],
)
FIRST_PLACE = (
    [
        "Where does the video begin?",
        "Where does the video start?",
        "What is the first place?",
        "Which place comes first?",
        "Where are we at the beginning?",
        "Which place do we see first?",
        "What place is shown at the start?",
        "In which place does the video start?",
    ],
    ["Where does it all begin?", "What is the opening scene's place?", "Where are we at first?"],
)
PLACE_AT = (
    [
        "Where are we at {time}?",
        "Which place is shown at {time}?",
        "What place do we see at {time}?",
        "At {time}, where are we?",
        "Where is the scene at {time}?",
        "Which place is it at {time}?",
        "What is the place at {time}?",
        "Where does the video show us at {time}?",
    ],
    ["Where in town are we at {time}?", "Tell me the place at {time}.", "Where is this at {time}?"],
)
DESCRIBE = (
    [
        "Describe the {actor}.",
        "Tell me about the {actor}.",
        "What can you say about the {actor}?",
        "Describe the scene with the {actor}.",
        "What do you know about the {actor}?",
        "Give me a description of the {actor}.",
        "Tell me everything about the {actor}.",
        "Describe what happens with the {actor}.",
    ],
    ["What should I know about the {actor}?", "Please describe the {actor} for me."],
)
LETTER = (
    [
        "Which letter stands for {option}?",
        "Which is {option}?",
        "Pick {option}.",
        "Which of these is {option}?",
        "Which line says {option}?",
        "Where is {option} in this list?",
    ],
    ["Which letter is {option}?", "Find {option} in the list."],
)

WORDINGS: dict[str, tuple[list[str], list[str]]] = {
    "colour": COLOUR, "mc_colour": COLOUR, "place": PLACE, "mc_place": PLACE, "exist": EXIST, "order": ORDER,
    "when": WHEN, "mc_when": WHEN, "count": COUNT, "action": ACTION, "mc_action": ACTION, "next": NEXT,
    "first_place": FIRST_PLACE, "place_at": PLACE_AT, "describe": DESCRIBE, "letter": LETTER,
}  # fmt: skip

OFF_TOPIC_REPLY = "I only know Pebble Town: ask me what appears, its colour, where, when and in which order."
OFF_TOPIC = (
    [
        "Hello!", "Hi", "Hi there!", "Good morning", "Good evening", "How are you?", "Who are you?", "What is your name?",
        "What can you do?", "Help", "What should I ask?", "What can I ask you?", "Thank you!", "Thanks", "Ok", "Goodbye",
        "Tell me a joke.", "Write a poem about the sea.", "Write me a story.", "What is the capital of France?",
        "What is the weather like today?", "What time is it?", "What day is it today?", "How much is 2 + 2?",
        "What is seven times eight?", "Who won the match?", "Who made this video?", "Who is the main character?",
        "Why is the sky blue?", "Why does he leave?", "What does she say?", "What is the moral of the story?",
        "Summarize the video.", "Give me a summary.", "What is this video about?", "What happens in this video?",
        "Describe the video.", "What is going on?", "Is this a film?", "What music is playing?", "What language do they speak?",
        "Translate this into German.", "Write a Python program.", "Fix my code.", "Give me a recipe for soup.",
        "How do I cook rice?", "How tall is the man?", "What is the woman wearing?", "How many people are there?",
        "Is there a dog?", "Does a horse appear?", "Where is the bicycle?", "What colour is the bus?", "When does the train leave?",
        "What brand is the phone?", "What does the sign say?", "Read the text on the screen.", "Do you like music?",
        "Are you a robot from the future?", "Can you drive?", "Where do you live?", "How old are you?", "Do you sleep?",
        "What do you think about politics?", "Should I buy shares?", "I feel sad today.", "I am bored", "That is wrong.",
        "Are you sure?", "Why?", "What?", "And then?", "Go on.", "asdf", "test", "1 2 3", "???", "Bonjour", "Wie geht es dir?",
        "Tell me something interesting.", "What is the meaning of life?", "How long is the video?", "Is it raining?",
        "Who is the president?", "How far is the moon?", "Which team is better?", "What is your favourite film?",
    ],
    [
        "Hey, what's up?", "Can you sing a song?", "What is the largest planet?", "Write an email to my boss.",
        "How many legs has a spider?", "Who wrote Hamlet?", "What does the teacher say?", "Is there an elephant?",
        "What colour is the bicycle?", "When does the film end?", "Please summarize what happens.", "See you later",
        "What is five plus nine?", "How do planes fly?", "Do you speak Spanish?",
    ],
)  # fmt: skip

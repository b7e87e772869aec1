"""Sentences and scraps for rewording.py. None of them is one of the world's held-out wordings."""

SENTENCES: dict[str, list[str]] = {
    "colour": [
        "{actor} colour?", "colour of the {actor}", "What's the {actor}'s colour?", "Any idea what colour the {actor} is?",
        "The colour of the {actor}, please.", "What colour did the {actor} have?", "Which colour has the {actor}?",
        "I'd like to know the {actor}'s colour.", "How is the {actor} coloured?", "When the {actor} appears, what colour is it?",
        "What colour was the {actor}?", "In which colour do we see the {actor}?", "What was the colour of the {actor} in the video?",
        "Tell me which colour the {actor} has.", "The {actor} that we see, which colour is it?", "What colour do you see on the {actor}?",
        "There was the {actor}: what colour?", "Was the {actor} red, blue or what colour?", "What color was that {actor}?",
        "Remember the {actor} and tell me its colour.",
    ],
    "place": [
        "{actor} where?", "Where did the {actor} show up?", "What place is the {actor} in?", "In what place do we see the {actor}?",
        "Where does one see the {actor}?", "Which place is the {actor} at?", "Whereabouts is the {actor}?", "place of the {actor}?",
        "Where in the video is the {actor}?", "At which location does the {actor} appear?", "Where could we see the {actor}?",
        "Could you tell me where the {actor} was seen?", "Where is it that the {actor} shows up?", "Which part of town is the {actor} in?",
        "The {actor}: where was it?", "Where can we see the {actor}?", "Which place do we see the {actor} in?", "Where did we find the {actor}?",
        "In which spot was the {actor}?", "Where have you found the {actor}?", "Name the place where the {actor} is.",
    ],
    "exist": [
        "Any {actor}?", "Is {a_actor} in the video at all?", "Do you see {a_actor}?", "Was {a_actor} there?", "Could you see {a_actor}?",
        "Is {a_actor} shown anywhere?", "Did we see {a_actor}?", "Does {a_actor} turn up?", "Is there {a_actor} somewhere?",
        "Tell me if there is {a_actor}.", "Has {a_actor} appeared?", "Did you notice {a_actor}?", "Are we shown {a_actor}?",
        "{actor}: yes or no?", "Is it true that there is {a_actor}?", "Have we seen {a_actor}?", "Can you see {a_actor}, yes or no?",
        "Was there any {actor}?", "Did {a_actor} come by?",
    ],
    "order": [
        "{actor} or {other}, which first?", "Who came first, the {actor} or the {other}?", "Was the {actor} or the {other} earlier?",
        "Which was seen first, the {actor} or the {other}?", "What did we see first: the {actor} or the {other}?",
        "Which of the two came first, the {actor} or the {other}?", "Did the {actor} or the {other} appear first?",
        "Earlier: the {actor} or the {other}?", "Was it the {actor} or the {other} that came earlier?",
        "Of the two, the {actor} or the {other}, which came first?", "Who was there before, the {actor} or the {other}?",
    ],
    "when": [
        "{actor} when?", "When did the {actor} show up?", "At which time does the {actor} come?", "When can we see the {actor}?",
        "At what moment is the {actor} there?", "What is the time when the {actor} appears?", "time of the {actor}?",
        "At which time did we see the {actor}?", "When exactly does the {actor} appear?", "At what point in the video does the {actor} appear?",
        "When was the {actor} seen?", "Tell me the time of the {actor}.", "Which minute shows the {actor}?", "When is it that the {actor} turns up?",
        "How late is it when the {actor} appears?", "When would I find the {actor}?", "When did we get to see the {actor}?",
        "At which moment do we see the {actor}?", "What time was the {actor} there?", "Give me the time of the {actor}.",
    ],
    "count": [
        "Number of times the {actor} appears?", "How often was the {actor} there?", "How many times did the {actor} appear?",
        "How often does the {actor} come?", "How many times was the {actor} seen?", "Count the visits of the {actor}.",
        "How many times can we see the {actor}?", "What number of times do we see the {actor}?", "Say how many times the {actor} appears.",
        "How often did the {actor} turn up?", "The {actor}: how often?", "How many appearances does the {actor} have?",
    ],
    "action": [
        "How did the {actor} move?", "What was the {actor} doing?", "In what way does the {actor} move?", "What does the {actor} do in the video?",
        "What was the movement of the {actor}?", "Is the {actor} moving, and how?", "Which direction does the {actor} go?",
        "Say what the {actor} does.", "What action does the {actor} do?", "What do we see the {actor} do?", "Explain how the {actor} moves.",
        "Can you tell me what the {actor} is doing?", "What kind of movement is the {actor} making?", "The {actor}, what does it do?",
    ],
    "next": [
        "After the {actor}, where to?", "Which place is next after the {actor}?", "What place follows the {actor}?", "Where are we after the {actor}?",
        "What comes after the place with the {actor}?", "Where do we end up after the {actor}?", "The place after the {actor}?",
        "Once the {actor} is gone, where are we next?", "Where does it continue after the {actor}?", "What is the place right after the {actor}?",
        "Where did we go next after the {actor}?",
    ],
    "first_place": [
        "Where are we at the start?", "Where does it start?", "First place?", "What place opens the video?", "Which place is the first one?",
        "In what place does the video begin?", "The beginning, where is it?", "Where is the opening?", "What is the very first place?",
        "Where is the first scene?", "Which place is shown at the beginning?", "What place does the video start with?", "Which place opens it all?",
        "Where did the video start?", "What is the place of the first scene?",
    ],
    "place_at": [
        "{time}: where?", "Where was it at {time}?", "Where do we find ourselves at {time}?", "Which place can be seen at {time}?",
        "What is shown at {time}, which place?", "At {time} which place is it?", "place at {time}?", "What location is at {time}?",
        "In which place are we at {time}?", "Name the place at {time}.", "Where were we at {time}?", "At what place are we at {time}?",
    ],
    "describe": [
        "What about the {actor}?", "Can you describe the {actor}?", "Say something about the {actor}.", "Give details about the {actor}.",
        "I want to hear about the {actor}.", "Tell me all you know about the {actor}.", "What is known about the {actor}?",
        "Could you tell me more about the {actor}?", "Everything about the {actor}, please.", "Details on the {actor}.",
        "Would you describe the {actor}?", "Describe that {actor} to me.", "A description of the {actor}, please.",
    ],
}  # fmt: skip

OFF_TOPIC = [
    "Please help me.", "Please write a letter.", "Do you know any songs?", "Do you know the time?", "Can you tell me a secret?",
    "Tell me about yourself.", "Tell me about the war.", "Describe your day.", "Describe the people.", "What colour do you like?",
    "What is the colour of the sky?", "What colour is her dress?", "Where is the exit?", "Where was he born?", "Where in the world are you?",
    "When was the war?", "When is lunch?", "At what time do you open?", "How many stars are there?", "How many people do we see?",
    "How often should I water plants?", "How does it end?", "How did they meet?", "Is there a cow?", "Is there anyone?", "Was there a fight?",
    "Did you like it?", "Do you see a boy?", "Which book is best?", "Which film comes next?", "What comes next?", "Who comes first?",
    "What happens at the end?", "What did the man say?", "What did she do?", "What is he doing?", "Why did it happen?", "Who is that?",
    "Who is speaking?", "Whose house is that?", "Please translate it.", "Please summarize this for me.", "Give me a list of films.",
    "Can you read this?", "Can you count to ten?", "Can we talk?", "Let us play a game.", "I like you", "I don't understand", "You are wrong",
    "Nice", "Great, thanks", "No", "Yes", "Maybe", "hello there", "hey", "how is it going", "good night", "see you", "Bye!", "Stop", "Play",
    "Pause the video", "Make it louder.", "Skip to the end.", "What is new?", "What is on TV?", "What is the news?", "Explain gravity.",
    "Who painted that?", "Is the earth round?", "Are there dogs in it?", "Have you seen my keys?", "How heavy is a whale?", "12 + 30", "lorem ipsum",
    "What is the price?", "Where do they live?", "Does the man smile?", "Is it day or night?", "What season is it?", "Which song is that?",
]  # fmt: skip

LEADS = [
    "Please, ", "hey, ", "So, ", "Ok, ", "And ", "Well, ", "Hi, ", "Now ", "Question: ", "Tell me: ", "I wonder: ", "Just asking, ", "Thanks! ",
    "Please tell me, ", "Can you say ", "In this video, ", "In the video, ", "By the way, ",
]  # fmt: skip
ENDINGS = [
    " in this video?", " in the video?", ", please?", " here?", " exactly?", " again?", " in it?", " then?", " please", "??", "!", " in this film?",
    " in the whole video?", " for me?",
]  # fmt: skip
FILLERS = ["just", "really", "actually", "the", "then", "maybe", "it", "so", "here", "that", "please", "you", "there", "once", "ever", "did", "was"]
#: Words that decide what is asked; the rest of a sentence may get lost.
KEY_WORDS = set(
    "colour color coloured where whereabouts which place places location spot when time moment minute late how many often times number count "
    "appearances visits first earlier before begin begins beginning start starts opening opens move moves movement moving do does doing did "
    "action direction way happens go describe description about say tell everything details know known details next after follows continue "
    "is was any there see seen shown appear appears or yes no exist what who in at".split()
)

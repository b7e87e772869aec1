"""Questions that the town has no answer to, and words around a question that mean nothing."""

import re

import numpy as np

from .vocabulary import a_or_an, plural
from .wordings import WORDINGS, expand

SMALL_TALK_REPLY = "I only know Pebble Town: ask me what appears, where, when and why."

_UNKNOWN = (
    [
        "dog", "horse", "cow", "pig", "goat", "lion", "tiger", "bear", "wolf", "fox", "mouse", "frog", "bee", "spider", "snake", "man",
        "woman", "boy", "girl",
        "teacher", "doctor", "king", "queen", "dancer", "singer", "driver", "bicycle", "bus", "lorry", "plane", "ship", "tractor",
        "guitar", "piano", "violin", "phone",
        "computer", "lamp", "chair", "sofa", "bed", "cup", "plate", "knife", "cake", "pizza", "banana", "lemon", "carrot", "shirt", "dress",
        "hat", "shoe", "glove", "ring", "key",
        "book", "pencil", "letter", "camera", "ball", "doll", "volcano", "river", "desert", "bridge", "tunnel", "ladder",
    ],
    ["elephant", "monkey", "penguin", "nurse", "pilot", "submarine", "trumpet", "mirror", "candle", "sandwich", "apple", "jacket", "hammer",
    "island", "window"],
)  # fmt: skip
_ABOUT_UNKNOWN = (
    [
        "What colour is the {}?", "Where is the {}?", "When does the {} appear?", "What does the {} do?", "What is the {} doing?",
        "Where does the {} appear?", "What does the {} say?",
        "Why does the {} leave?", "Who is with the {}?", "What about the {}?", "Tell me about the {}.", "Describe the {}.",
        "Where do we go after the {}?", "What does the {} meet?",
        "When do we see the {}?", "How does the {} move?", "What happens after the {} comes?", "Which colour has the {}?", "Who owns the {}?",
        "How tall is the {}?", "How old is the {}?",
        "What is the name of the {}?", "What did the {} eat?", "Is the {} happy?",
    ],
    ["Do you know the colour of the {}?", "Which place does the {} show up in?", "What happens to the {}?", "Whom did the {} visit?",
    "How heavy is the {}?"],
)  # fmt: skip
#: Kinds whose wordings name one thing and nothing else: they are asked about what does not exist, too.
_OF_ONE_THING = ["colour", "place", "action", "when", "companion", "side", "next", "effect", "describe", "count", "permanence", "exist", "exist", "exist"]
_ABOUT_MANY = ["Are there {}?", "Are there any {}?", "Do we see {}?", "Do you see any {}?", "Were there {} in the video?", "any {}?", "Where are the {}?", "When do {} appear?"]
_OTHERWISE = (
    [
        "What music is playing?", "What language do they speak?", "Who is speaking?", "What is said at the end?", "Who made this video?",
        "What is the title of the film?", "Who is the main character?",
        "What is the moral of the story?", "Which team wins?", "Who won the match?", "What does the narrator say?", "What does she wear?",
        "What is he cooking?", "How much does it cost?",
        "What brand is the car?", "What is the address?", "What is the phone number?", "Which actor plays in it?", "In which year was it made?",
        "What do they eat?", "Who wrote the song?",
        "What are they talking about?", "Where was he born?", "What is her job?", "Why is she crying?",
    ],
    ["Which song do we hear?", "Who directed this film?", "What are the names of the people?", "Why are they angry?", "What do they drink?"],
)  # fmt: skip

SMALL_TALK = (
    [
        "Hello", "Hi", "Hi there!", "Hey", "Good morning", "Good evening", "Good night", "How are you?", "How do you do?", "Who are you?",
        "What are you?", "What is your name?", "What can you do?", "Help",
        "Please help me.", "What should I ask?", "What can I ask you?", "What do you know?", "Thank you!", "Thanks", "Thanks a lot", "Ok",
        "Okay", "Fine", "Great", "Nice", "Wow!", "Goodbye", "Bye!",
        "See you", "Tell me a joke.", "Write a poem about the sea.", "Write me a story.", "What is the capital of France?",
        "Will it be warm today?", "What time is it now?", "What day is it today?",
        "How much is 2 + 2?", "What is seven times eight?", "Why is the sky blue?", "Translate this into German.", "Write a Python program.",
        "Fix my code.", "Give me a recipe for soup.",
        "How do I cook rice?", "Do you like music?", "Can you drive?", "Where do you live?", "How old are you?", "Do you sleep?",
        "I feel sad today.", "I am bored", "That is wrong.", "Are you sure?",
        "asdf", "test", "1 2 3", "???", "Bonjour", "Wie geht es dir?", "Hola", "Tell me something interesting.", "What is the meaning of life?",
        "Who is the president?", "How far is the moon?",
        "Set an alarm.", "Play some music.", "Explain gravity.", "Let us play a game.", "Do you love me?", "Sing something.", "Who built you?",
        "How do you work?", "lol", "Yes", "No", "Maybe",
    ],
    ["Hey, what's up?", "Can you sing a song?", "What is the largest planet?", "Write an email to my boss.", "How many legs has a spider?",
    "Who wrote Hamlet?", "See you later", "What is five plus nine?", "Do you speak Spanish?"],
)  # fmt: skip

#: Small talk with words that nobody knows: what such a sentence is about cannot be learned by heart.
_CHAT = [
    "(Can|Could|Do|Will|Would) you (dance|swim|fly|cook|paint|whistle|count|juggle|read my mind|hear me|remember me|sew|climb|ski|draw a {})(| well| for me| with me)?",
    "(Write|Compose|Draft|Make) (me |)(a|some|the) ({}|{} about {}|message to {}|list of {}).", "Who (invented|painted|discovered|founded|won) (the |){}?", "(What|Where|Who) is {} {}?",
    "(Which|What) is the (highest|longest|oldest|fastest|smallest|best|richest) {}(| in the world| on earth)?", "What is (three|four|six|ten|eleven|twelve|a hundred) (minus|times|divided by|and|less) (two|three|four|six|eight)?",
    "How (many|much) {} (are|is|make|fit) in (a|one) {}?", "Are you (happy|tired|human|a robot|real|clever|married|there|angry|free today)?", "(I|We) (like|love|hate|want|bought|lost) (my|a|your) {}.",
    "(My|Your) {} is {}.", "(Explain|Define|Translate|Spell|Google) {}(| to me| for me| {}).", "(Recommend|Find|Order|Buy|Sell) (me |)(a|some) {}(| {}).", "(Good|Nice|Lovely|Bad) {}(|!| today)",
    "{} {} {}", "(See|Talk to|Hear from) you {}!", "What (should|shall) (I|we) (cook|wear|buy|eat|read|play) (today|tonight|tomorrow|for dinner)?", "(How|What) do (I|you) {} (a|the) {}?",
    "Do you (like|know|eat|understand|believe in|have) {}?",
]  # fmt: skip


def small_talk(rng: np.random.Generator, wording: str) -> str:
    """A sentence that has nothing to do with any video."""
    pool = SMALL_TALK[0 if wording == "train" else 1]
    if wording != "train" or rng.random() < 0.4:
        return pool[int(rng.integers(0, len(pool)))]
    sentence = expand(rng, _CHAT[int(rng.integers(0, len(_CHAT)))])
    return re.sub(r"\{\}", lambda _: _made_up(rng), sentence)


LEADS = [
    "Please, ", "hey, ", "So, ", "Ok, ", "Well, ", "Hi, ", "Now ", "Question: ", "Tell me: ", "I wonder: ", "Just asking, ", "Thanks! ",
    "Please tell me, ", "In this video, ", "In the video, ", "By the way, ",
]  # fmt: skip
ENDINGS = [" in this video?", " in the video?", ", please?", " here?", " exactly?", " in it?", " please", "??", "!", " in the whole video?",
" for me?"]
#: Words that a question can do without, and such as can stand nearly anywhere in one.
_SPARE = {"the", "a", "an", "is", "was", "does", "did", "do", "of", "in", "at", "that", "you", "we", "i", "me", "it", "to", "there", "can", "could", "video"}
_FILLING = [
    "then", "really", "actually", "now", "just", "maybe", "ever", "also", "please", "you know", "I think", "somehow", "here", "again", "so", "one", "would you say", "do you think",
    "in town", "in the film", "for me", "this", "some", "kind of", "any", "well", "exactly", "perhaps", "that is", "at all", "let me see", "sort of", "as far as you know", "if you can",
    "anyway", "like", "you see", "of course", "all the time", "actually there", "in the world", "my friend", "over there", "in the end", "in fact", "to be exact", "of all things", "by now",
    "at home", "somewhere", "sometimes", "I guess", "I mean", "they say", "we know", "good", "nice", "little", "big", "old", "new", "whole", "own", "very", "about", "up", "down there", "out",
]  # fmt: skip


def loosened(rng: np.random.Generator, sentence: str) -> str:
    """A sentence as people who hurry or who talk much would say it: shortened, without some of its small words, with idle ones more, mistyped.

    What it must rest on then are the words that carry its meaning, which is what sentences never heard have in common
    with those that were taught. Slots stay whole.
    """
    if rng.random() < 0.3:
        sentence = re.sub(r"\b(what|where|who|when) is\b", r"\1's" if rng.random() < 0.7 else r"\1s", sentence, count=1, flags=re.I)
    words = [word for word in re.findall(r"\S*\{[^}]*\}\S*|\S+", sentence) if word.lower() not in _SPARE or rng.random() < 0.65]
    if len(words) < 2:
        return sentence
    for _ in range(int(rng.choice(4, p=[0.35, 0.35, 0.2, 0.1]))):
        # Where the question names something, a word that nobody knows is idle, too.
        idle = _made_up(rng) if "{thing}" in sentence and rng.random() < 0.15 else _FILLING[int(rng.integers(0, len(_FILLING)))]
        words.insert(int(rng.integers(1, len(words))), idle)
    if rng.random() < 0.15:
        at = int(rng.integers(0, len(words)))
        words[at] = _mistyped(rng, words[at])
    return " ".join(words)


def _mistyped(rng: np.random.Generator, word: str) -> str:
    """A longer word with a letter left out, doubled, or changed over with its neighbour."""
    if len(word) < 5 or not word.isalpha():
        return word
    at = int(rng.integers(1, len(word) - 1))
    return [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + word[at + 1] + word[at] + word[at + 2 :]][int(rng.integers(0, 3))]


def _made_up(rng: np.random.Generator) -> str:
    """A noun that nobody has heard: whatever is not in the town's vocabulary is not in the town."""
    some = lambda letters: letters[int(rng.integers(0, len(letters)))]
    return "".join(some("bcdfghjklmnprstvwz") + some("aeiou") + some(["", "", "n", "r", "l", "m", "st"]) for _ in range(int(rng.integers(1, 4)))) + some(["", "t", "k", "p"])


def unrelated(rng: np.random.Generator, wording: str) -> str:
    """A question about something that this world does not have."""
    which = 0 if wording == "train" else 1
    pick = lambda some: some[int(rng.integers(0, len(some)))]
    sort = rng.random()
    if sort < 0.2:
        return pick(_OTHERWISE[which])
    noun = _made_up(rng) if wording == "train" and rng.random() < 0.3 else pick(_UNKNOWN[which])
    if sort < 0.5:
        return pick(_ABOUT_UNKNOWN[which]).format(noun)
    if sort < 0.6 and wording == "train":
        return pick(_ABOUT_MANY).format(plural(noun))
    sentence = expand(rng, pick(WORDINGS[pick(_OF_ONE_THING)][which]))
    for slot, name in (("{thing}", noun), ("{a thing}", a_or_an(noun)), ("{things}", plural(noun))):
        sentence = sentence.replace(slot, name)
    return sentence

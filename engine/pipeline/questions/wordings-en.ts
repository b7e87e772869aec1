import type { Wordings } from './wordings.ts';

export const english: Wordings = {
  at: {
    time: (time) => `around ${time}`,
    chapter: (title, time) => `in “${title}” (from ${time})`,
    line: (line, time) => `when “${line}” is said (${time})`,
  },
  moment: { time: (time) => time, chapter: (title, time) => `“${title}” (${time})` },
  end: 'at the end',
  tasks: {
    'Overall Summarization': ['What is this video about?', 'Summarize the video in three sentences.', 'What would be a good title for this video?'],
    'Event Sequence': ['What are the main events, and when do they happen?', 'What happens from {from} to {to}?', 'What happens from {from} to {to}?'],
    'Key Event Extraction': ['Which moment matters most, and when is it?', 'What is the most important thing that happens {at}?', 'What happens {end}?'],

    'Temporal Perception': ['What happens {at}?', 'What happens at the beginning?', 'What happens {at}?'],
    'Temporal Order': ['What comes first in the video, what next, and what after that?', 'Of the moments that matter most, which comes first?'],
    'Duration Perception': ['How long does what is going on {at} last?', 'Which part of the video takes the longest, and how long is it?'],
    'Temporal Reasoning': ['What happens right before and right after what is shown {at}?', 'What that happens early in the video matters later on?'],
    'Temporal Gap Estimation': ['How much time passes between the first and the last important moment?', 'How much time passes between what is shown {at} and the next change of scene?'],

    'Scene Recognition': ['What kind of place is shown {at}?', 'Where does the video begin?', 'How much of the video is outdoors?'],
    'Scene Transition': ['When does the place change, and what comes then?', 'How does the scene change from {from} to {to}?', 'Which scene comes after the one that is shown {at}?'],

    'Object Recognition': ['Which things can be seen {at}?', 'Which things come up again and again?'],
    'Object Reasoning': ['How many different people can be seen in the video?', 'Which thing matters most in the video, and why?'],
    'Object Existence': ['Is there any writing in the picture, and what does it say?', 'Can any people be seen {at}?', 'Are there any animals in the video, and when?'],
    'Object Attribute': ['What do the people or things in the picture look like {at}?', 'Which colours stand out in the video?'],
    'Object Interaction': ['Is anything being held, used or touched {at}?', 'Which things are used in the video, if any, and what for?'],
    'Object Permanence': ['Does anything that can be seen at the beginning come back later?', 'Is anything that can be seen {at} seen again later?'],

    'Action Recognition': ['What is being done {at}?', 'What is being done for most of the video?'],
    'Action Localization': ['When is there the most movement?', 'When, from {from} to {to}, is there the most movement?'],
    'Action Sequence': ['What is done first in the video, and what then?', 'What is done, one step after the other, from {from} to {to}?'],
    'Action Reasoning': ['What is the reason for what happens {at}?', 'What is the aim of what is done in the video?'],

    'Spatial Perception': ['What is on the left, in the middle and on the right of the picture {at}?', 'What is near and what is far away {at}?', 'What is in the middle of the picture for most of the video?'],
    'Spatial Reasoning': ['Do {from} and {to} show the same place?', 'How many different places does the video show, and how do they belong together?'],
  },
};

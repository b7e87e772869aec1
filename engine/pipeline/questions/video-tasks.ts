/** What can be asked about a long video: VideoMarathon's 22 tasks by their six topics (arXiv 2506.05332, section 3; its repository's task_taxonomy.png). In the order in which questions of a topic are offered. */
export const videoTasks = {
  Temporality: ['Temporal Perception', 'Duration Perception', 'Temporal Reasoning', 'Temporal Gap Estimation', 'Temporal Order'],
  Spatiality: ['Spatial Perception', 'Spatial Reasoning'],
  Object: ['Object Recognition', 'Object Attribute', 'Object Interaction', 'Object Reasoning', 'Object Existence', 'Object Permanence'],
  Action: ['Action Recognition', 'Action Localization', 'Action Sequence', 'Action Reasoning'],
  Scene: ['Scene Recognition', 'Scene Transition'],
  Event: ['Overall Summarization', 'Event Sequence', 'Key Event Extraction'],
} as const;

export type VideoTopic = keyof typeof videoTasks;
export type VideoTask = (typeof videoTasks)[VideoTopic][number];

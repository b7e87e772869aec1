import type { Wordings } from './wordings.ts';

export const chinese: Wordings = {
  at: {
    time: (time) => `${time} 左右`,
    chapter: (title, time) => `在“${title}”（${time} 起）中`,
    line: (line, time) => `说到“${line}”（${time}）时`,
  },
  // With spaces beside digits, as the interface has them; what stands at the beginning of a question loses its own.
  moment: { time: (time) => ` ${time} `, chapter: (title, time) => `“${title}”（${time}）` },
  end: '最后',
  tasks: {
    'Overall Summarization': ['这个视频讲的是什么？', '请用三句话概括这个视频。', '给这个视频起个什么标题合适？'],
    'Event Sequence': ['主要发生了哪些事？分别在什么时候？', '从{from}到{to}发生了什么？', '从{from}到{to}发生了什么？'],
    'Key Event Extraction': ['最重要的时刻是哪一个？在什么时候？', '{at}发生的最重要的事是什么？', '{end}发生了什么？'],

    'Temporal Perception': ['{at}发生了什么？', '开头发生了什么？', '{at}发生了什么？'],
    'Temporal Order': ['视频里先发生了什么，接着又发生了什么？', '在最重要的几个时刻中，哪一个最先出现？'],
    'Duration Perception': ['{at}正在进行的事持续了多久？', '视频里哪一部分最长？有多长？'],
    'Temporal Reasoning': ['{at}出现的内容之前和之后各发生了什么？', '前面发生的事中，哪些对后面有影响？'],
    'Temporal Gap Estimation': ['第一个和最后一个重要时刻之间隔了多久？', '{at}出现的画面到下一次场景变化隔了多久？'],

    'Scene Recognition': ['{at}出现的是什么样的地方？', '视频从哪里开始？', '视频有多少是在室外？'],
    'Scene Transition': ['地点在什么时候变化？换到了哪里？', '从{from}到{to}场景有什么变化？', '{at}出现的场景之后是哪个场景？'],

    'Object Recognition': ['{at}能看到哪些东西？', '哪些东西反复出现？'],
    'Object Reasoning': ['视频里一共能看到多少个不同的人？', '视频里最重要的东西是什么？为什么？'],
    'Object Existence': ['画面里有文字吗？写的是什么？', '{at}能看到人吗？', '视频里有动物吗？在什么时候？'],
    'Object Attribute': ['{at}画面里的人或物是什么样子？', '视频里哪些颜色最显眼？'],
    'Object Interaction': ['{at}有没有什么东西正被拿着、使用或触碰？', '视频里用到了什么东西吗？用来做什么？'],
    'Object Permanence': ['开头出现的东西后来又出现过吗？', '{at}出现的东西后来又出现过吗？'],

    'Action Recognition': ['{at}正在做什么？', '视频的大部分时间在做什么？'],
    'Action Localization': ['什么时候动作最多？', '从{from}到{to}，什么时候动作最多？'],
    'Action Sequence': ['视频里先做了什么，然后做了什么？', '从{from}到{to}依次做了什么？'],
    'Action Reasoning': ['{at}发生的事是什么原因？', '视频里做这些事是为了什么？'],

    'Spatial Perception': ['{at}画面的左边、中间和右边分别是什么？', '{at}画面里什么离得近，什么离得远？', '视频的大部分时间里，画面中间是什么？'],
    'Spatial Reasoning': ['{from}和{to}是同一个地方吗？', '视频里出现了多少个不同的地方？它们之间是什么关系？'],
  },
};

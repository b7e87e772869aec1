import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Library, Message } from '../../engine/library/index.ts';
import { newLibrary } from './support/sample-library.ts';

const question = 'Where is the balloon?';

/** A survey of three films; `answer` asks one and answers, as the engine does. */
function newSurvey(library: Library): { readonly id: string; readonly videoIds: readonly string[]; readonly answer: (videoId: string, text: string) => { asked: Message; answered: Message } } {
  const videoIds = ['one', 'two', 'three'].map((title) => library.videos.upsert({ fingerprint: `v1-1-${title}`, title }).id);
  const { id } = library.surveys.create({ question, videoIds: [...videoIds, ...videoIds] });
  return {
    id, videoIds,
    answer(videoId, text) {
      const { id: conversationId } = library.conversations.create({ videoId, title: question });
      const asked = library.messages.append({ conversationId, parentId: null, role: 'user', content: question });
      library.surveys.note(id, videoId, { questionId: asked.id });
      return { asked, answered: library.messages.append({ conversationId, parentId: asked.id, role: 'assistant', content: text }) };
    },
  };
}

test('a survey has its videos in order, each once, and knows which were asked and what was answered last', (t) => {
  const library = newLibrary(t);
  const { id, videoIds: [one = '', two = '', three = ''], answer } = newSurvey(library);
  const { asked, answered } = answer(two, 'Over the tower.');
  library.surveys.note(id, three, { error: { code: 'not-found', message: 'Nothing is in memory.' } });
  assert.deepEqual(library.surveys.parts(id).map(({ videoTitle, answerId, error }) => [videoTitle, answerId, error]), [
    ['one', null, null], ['two', answered.id, null], ['three', null, { code: 'not-found', message: 'Nothing is in memory.' }],
  ]);
  assert.deepEqual([library.surveys.get(id).videoCount, library.surveys.get(id).askedCount], [3, 1]);
  const again = library.messages.append({ conversationId: asked.conversationId, parentId: asked.id, role: 'assistant', content: 'Over the roof.' });
  assert.equal(library.surveys.parts(id)[1]?.answerId, again.id);
  library.messages.remove(again.id);
  assert.equal(library.surveys.parts(id)[1]?.answerId, answered.id);
  answer(one, 'Nowhere.');
  assert.equal(library.surveys.get(id).askedCount, 2);
  assert.throws(() => library.surveys.create({ question, videoIds: ['none'] }), { code: 'not-found' });
  assert.equal(library.surveys.list().length, 1);
});

test('what is removed from the library is out of sight in a survey, and comes back with it', (t) => {
  const library = newLibrary(t);
  const { id, videoIds: [one = '', two = ''], answer } = newSurvey(library);
  const [{ asked: first }, { asked: second }] = [answer(one, 'Here.'), answer(two, 'There.')];
  const titles = (): string[] => library.surveys.parts(id).map(({ videoTitle }) => videoTitle);
  library.conversations.remove(first.conversationId);
  library.messages.remove(second.id);
  assert.deepEqual([titles(), library.surveys.get(id).videoCount], [['three'], 1]);
  library.conversations.restore(first.conversationId);
  library.messages.restore(second.id);
  library.videos.remove(two);
  assert.deepEqual(titles(), ['one', 'three']);
  library.videos.restore(two);
  assert.deepEqual(titles(), ['one', 'two', 'three']);
  library.videos.remove(two);
  library.videos.purge({ id: two });
  assert.deepEqual(titles(), ['one', 'three']);
});

test('search finds a question across videos once, and every answer where it was given', (t) => {
  const library = newLibrary(t);
  const { id, videoIds, answer } = newSurvey(library);
  for (const videoId of videoIds) answer(videoId, 'A red balloon flies over the tower.');
  const kinds = (query: string): string[] => library.search(query).map(({ kind }) => kind);
  assert.deepEqual(kinds('where'), ['survey']);
  assert.deepEqual(library.search('where')[0]?.surveyId, id);
  assert.deepEqual(kinds('tower'), ['message', 'message', 'message']);
  const [conversation] = library.conversations.list();
  library.conversations.rename(conversation?.id ?? '', 'Somewhere else');
  assert.deepEqual(kinds('somewhere'), ['conversation']);
  library.surveys.remove(id);
  assert.deepEqual(kinds('where').filter((kind) => kind === 'survey'), []);
  assert.equal(kinds('where').filter((kind) => kind === 'message').length, 3, 'without the overview the questions are found where they stand');
  library.surveys.restore(id);
  assert.deepEqual(kinds('where is'), ['survey']);
  library.surveys.remove(id);
  library.surveys.purge();
  assert.throws(() => library.surveys.get(id), { code: 'not-found' });
  assert.equal(library.conversations.list().length, 3);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../engine/library/index.ts';
import { newChat, newLibrary } from './support/sample-library.ts';
import { fc, runs } from '../support/properties.ts';

test('regenerating and editing make branches, and each can be shown again', (t) => {
  const library = newLibrary(t);
  const { say, shown, conversation } = newChat(library);
  const question = say('user', 'Where is the cat?');
  const first = say('assistant', 'On the roof.', question);
  const followUp = say('user', 'Which colour?', first);
  const second = say('assistant', 'At 12:40, on the wall.', question);
  assert.deepEqual(shown(), ['Where is the cat?', 'At 12:40, on the wall.']);
  const edited = say('user', 'Where is the dog?');
  assert.deepEqual(shown(), ['Where is the dog?']);
  assert.equal(library.messages.select(first.id).id, followUp.id);
  assert.deepEqual(shown(), ['Where is the cat?', 'On the roof.', 'Which colour?']);
  assert.deepEqual(library.messages.activePath(conversation.id).map(({ siblingIds }) => siblingIds),
    [[question.id, edited.id], [first.id, second.id], [followUp.id]]);
  assert.deepEqual(library.messages.path(second.id).map(({ id }) => id), [question.id, second.id]);
});

test('what belongs to an answer is kept with it, and a streamed answer is completed in place', (t) => {
  const library = newLibrary(t);
  const { conversation } = newChat(library);
  const data = { citations: [{ startSeconds: 760 }], lookedAt: { binSeconds: 1, share: [0.25, 0.75] } };
  const message = library.messages.append({ conversationId: conversation.id, parentId: null, role: 'assistant', content: '', data: { streaming: true } });
  assert.deepEqual(library.messages.update(message.id, { content: 'At 12:40.', data }), { ...message, content: 'At 12:40.', data });
  assert.deepEqual(library.messages.update(message.id, { content: '' }).data, data);
});

test('a removed message takes what is below it along, and brings exactly that back', (t) => {
  const library = newLibrary(t);
  const { say, shown } = newChat(library);
  const question = say('user', 'one');
  const answer = say('assistant', 'two', question);
  const other = say('assistant', 'two again', question);
  const last = say('user', 'three', other);
  library.messages.remove(last.id);
  assert.deepEqual(shown(), ['one', 'two again']);
  library.messages.remove(other.id);
  assert.deepEqual(shown(), ['one', 'two']);
  library.messages.remove(question.id);
  assert.deepEqual(shown(), []);
  assert.throws(() => library.messages.restore(answer.id), { code: 'bad-argument', message: /cannot come back before/u });
  assert.throws(() => say('user', 'below a removed one', question), { code: 'not-found' });
  library.messages.restore(question.id);
  assert.deepEqual(shown(), ['one', 'two'], 'what was removed before stays removed');
  library.messages.restore(other.id);
  assert.deepEqual(shown(), ['one', 'two again']);
  library.messages.restore(last.id);
  assert.deepEqual(shown(), ['one', 'two again', 'three']);
});

test('a message cannot be put below one of another conversation, nor into none', (t) => {
  const library = newLibrary(t);
  const one = newChat(library);
  const other = newChat(library, 'other');
  const foreign = other.say('user', 'elsewhere');
  assert.throws(() => one.say('user', 'x', foreign), { code: 'not-found' });
  assert.throws(() => library.messages.append({ conversationId: 'none', parentId: null, role: 'user', content: 'x' }), { code: 'not-found' });
  assert.throws(() => library.conversations.create({ videoId: 'none', title: 'x' }), { code: 'not-found' });
  assert.throws(() => library.messages.path('none'), { code: 'not-found' });
  assert.throws(() => library.messages.activePath('none'), { code: 'not-found' });
  assert.deepEqual(one.shown(), []);
});

test('conversations are listed by last use, renamed, removed, restored and purged', (t) => {
  const library = newLibrary(t);
  const { video, conversation, say } = newChat(library);
  const message = say('user', 'to be purged');
  const second = library.conversations.create({ videoId: video.id, title: 'Second' });
  library.conversations.rename(conversation.id, 'Renamed');
  assert.equal(library.conversations.list({ videoId: video.id }).length, 2);
  assert.deepEqual(library.conversations.list({ videoId: 'other' }), []);
  library.conversations.remove(conversation.id);
  assert.deepEqual(library.conversations.list().map(({ id }) => id), [second.id]);
  assert.equal(library.conversations.list({ removed: true })[0]?.title, 'Renamed');
  assert.equal(library.conversations.restore(conversation.id).removedAtMs, null);
  library.conversations.remove(conversation.id);
  library.conversations.purge({ removedBeforeMs: Date.now() + 1 });
  assert.throws(() => library.conversations.get(conversation.id), { code: 'not-found' });
  assert.throws(() => library.messages.get(message.id), { code: 'not-found' });
});

test('removing what is gone with its parent changes nothing', (t) => {
  const library = newLibrary(t);
  const { conversation, say } = newChat(library);
  const question = say('user', 'x');
  const answer = say('assistant', 'x', question);
  library.messages.remove(question.id);
  library.messages.remove(answer.id);
  assert.deepEqual(library.messages.activePath(conversation.id), []);
  library.messages.restore(question.id);
  assert.deepEqual(library.messages.activePath(conversation.id).map(({ id }) => id), [question.id, answer.id]);
});

test('whatever is said, selected, removed and restored, the branch shown is a path of what is there', (t) => {
  const library = newLibrary(t);
  const step = fc.record({ kind: fc.constantFrom('say', 'say', 'say', 'begin', 'select', 'remove', 'restore'), place: fc.nat() });
  let run = 0;
  fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
    library.transaction(() => {
      const { conversation, say } = newChat(library, `run ${run++}`);
      const said: Message[] = [];
      for (const { kind, place } of steps) {
        const target = said[place % Math.max(1, said.length)];
        try {
          if (kind === 'begin' || target === undefined) said.push(say('user', 'x'));
          else if (kind === 'say') said.push(say('assistant', 'x', target));
          else library.messages[kind as 'select' | 'remove' | 'restore'](target.id);
        } catch (error) {
          assert.match(String(error), /has no message|cannot come back before/u);
        }
        const path = library.messages.activePath(conversation.id);
        const alive = library.messages.list(conversation.id);
        assert.ok(path.every(({ removedAtMs }) => removedAtMs === null));
        assert.deepEqual(path.map(({ parentId }) => parentId), path.map((_, index) => path[index - 1]?.id ?? null));
        assert.ok(path.every(({ id, siblingIds }) => siblingIds.includes(id)));
        assert.equal(path.length > 0, alive.some(({ parentId }) => parentId === null), 'nothing is shown only where nothing is there');
      }
    });
  }), { numRuns: runs(40) });
});

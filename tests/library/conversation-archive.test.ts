import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArchivedConversations, type ArchivedConversation } from '../../engine/library/index.ts';
import { newChat, newLibrary } from './support/sample-library.ts';

test('conversations go through an archive into another library with all their branches, once', (t) => {
  const source = newLibrary(t);
  const chat = newChat(source);
  const question = chat.say('user', 'Where? 🎈');
  const first = chat.say('assistant', 'There.', question);
  chat.say('assistant', 'Elsewhere.', question);
  source.messages.update(first.id, { data: { citations: [1] } });
  source.messages.select(first.id);
  const removed = source.conversations.create({ videoId: chat.video.id, title: 'removed' });
  source.conversations.remove(removed.id);
  const archived = parseArchivedConversations(JSON.parse(JSON.stringify(source.conversationArchive.export(chat.video.id))));

  const target = newLibrary(t);
  const video = target.videos.upsert({ fingerprint: chat.video.fingerprint, title: 'the same' });
  assert.deepEqual(target.conversationArchive.import(video.id, archived), { added: 1, skipped: 0 });
  assert.deepEqual(target.conversationArchive.import(video.id, archived), { added: 0, skipped: 1 });
  assert.deepEqual(target.conversationArchive.export(video.id), source.conversationArchive.export(chat.video.id));
  assert.deepEqual(target.messages.activePath(chat.conversation.id).map(({ content }) => content), ['Where? 🎈', 'There.']);
  assert.equal(target.search('elsewhere').length, 1);
});

const message = { id: 'm', parentId: null, role: 'user', content: 'x', createdAtMs: 1 } as const;
const good: ArchivedConversation = { id: 'c', title: 'x', activeLeafId: 'm', createdAtMs: 1, updatedAtMs: 1, messages: [message] };

test('archived conversations that are no trees are refused, and nothing of them is kept', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  const bad: [unknown, RegExp][] = [
    [{}, /expected array/u],
    [[{ ...good, extra: 1 }], /extra/u],
    [[good, good], /two conversations have the id c/u],
    [[{ ...good, messages: [message, message] }], /two messages have the id m/u],
    [[{ ...good, messages: [{ ...message, parentId: 'm' }] }], /comes before its parent m/u],
    [[{ ...good, activeLeafId: 'other' }], /active message other/u],
    [[{ ...good, messages: [{ ...message, role: 'system' }] }], /role/u],
    [[{ ...good, id: 'x'.repeat(101) }], /id/u],
  ];
  for (const [archived, problem] of bad) assert.throws(() => parseArchivedConversations(archived), { code: 'memory-invalid', message: problem });
  assert.deepEqual(library.conversationArchive.import(video.id, [good]), { added: 1, skipped: 0 });
  assert.throws(() => library.conversationArchive.import(video.id, [{ ...good, id: 'd', messages: [{ ...message, id: 'n' }, { ...message, parentId: 'n' }] }]),
    { code: 'memory-invalid', message: /message m belongs to another conversation/u });
  assert.equal(library.conversations.list().length, 2);
});

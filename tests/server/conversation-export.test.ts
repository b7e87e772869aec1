import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportConversation } from '../../engine/server/conversation-export.ts';
import type { MessageEntry } from '../../engine/protocol/methods-conversations.ts';

const range = { startSeconds: 60, endSeconds: 90 };
const messages: MessageEntry[] = [
  { id: 'q', parentId: null, role: 'user', content: 'Is <b>that</b> it?', createdAtMs: 0, siblingIds: ['q'], range },
  {
    id: 'a', parentId: 'q', role: 'assistant', content: '<script>alert(1)</script> at 1:10 & later', createdAtMs: 1000, siblingIds: ['a'],
    answer: { state: 'complete', citations: [], droppedTurns: 0, model: 'demo', range, coverage: { seconds: 128, frames: 128, complete: false } },
  },
  { id: 'f', parentId: 'a', role: 'assistant', content: '', createdAtMs: 0, siblingIds: ['f'], answer: { state: 'failed', citations: [], droppedTurns: 0, error: { code: 'no-frames', message: 'Nothing there.' } } },
];
const conversation = { title: 'Is <b>that</b> it? a/b\\c', videoTitle: 'film & co.mp4', messages };

test('Markdown names the part, the model, and how much was encoded', () => {
  const { fileName, text } = exportConversation(conversation, 'markdown');
  assert.equal(fileName, 'Is b that b it a b c.md');
  assert.match(text, /^## You, about 1:00–1:30$/m);
  assert.match(text, /^## demo, about 1:00–1:30, from the first 2:08 that were encoded$/m);
  assert.match(text, /^\(Nothing there\.\)$/m);
});

test('HTML shows what was said as text and can neither run nor load anything', () => {
  const { text } = exportConversation(conversation, 'html');
  assert.doesNotMatch(text, /<script|<b>|src=|href=/);
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt; at 1:10 &amp; later/);
  assert.match(text, /default-src 'none'/);
});

test('JSON has a version and the range of each message', () => {
  const parsed = JSON.parse(exportConversation({ ...conversation, title: '' }, 'json').text) as { version: number; messages: { range?: unknown }[] };
  assert.equal(parsed.version, 1);
  assert.deepEqual(parsed.messages[0]?.range, range);
  assert.equal(exportConversation({ ...conversation, title: '...' }, 'json').fileName, 'Conversation.json');
});

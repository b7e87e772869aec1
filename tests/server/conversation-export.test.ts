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
const other: MessageEntry = { id: 'b', parentId: 'q', role: 'assistant', content: 'Another answer.', createdAtMs: 2000, siblingIds: ['a', 'b'], answer: { state: 'complete', citations: [], droppedTurns: 0 } };
const conversation = { title: 'Is <b>that</b> it? a/b\\c', videoTitle: 'film & co.mp4', messages, branches: [...messages, other] };
const answered = (content: string, model = 'hour-llava-3b'): typeof conversation => {
  const answer: MessageEntry = { ...other, content, answer: { state: 'complete', citations: [], droppedTurns: 0, model } };
  return { ...conversation, messages: [answer], branches: [answer] };
};

test('Markdown names the part, the model, and how much was encoded', () => {
  const { fileName, text } = exportConversation(conversation, 'markdown', 'en');
  assert.equal(fileName, 'Is b that b it a b c.md');
  assert.match(text, /^## You, about 1:00–1:30$/m);
  assert.match(text, /^## Demo model, about 1:00–1:30, from the first 2:08 that were encoded$/m);
  assert.match(text, /^\(Nothing there\.\)$/m);
});

test('HTML renders what a model marked up, and names the model as its authors do', () => {
  const { text } = exportConversation(answered('**At 1:10** it\n\n- rises\n- falls\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n[more](https://example.org/x)'), 'html', 'en');
  assert.match(text, /<h2>Hour-LLaVA-3B<\/h2>/);
  assert.match(text, /<strong>At 1:10<\/strong> it/);
  assert.match(text, /<li>rises<\/li>/);
  assert.match(text, /<td>1<\/td>/);
  assert.match(text, /<a href="https:\/\/example\.org\/x">more<\/a>/);
});

test('what a model writes loads nothing and runs nothing from HTML', () => {
  const { text } = exportConversation(answered('![x](https://evil.example/x.png) ![y][z] [run](javascript:alert(1)) <img src="https://evil.example/y.png" onerror="alert(1)">\n\n<iframe src="https://evil.example"></iframe>\n\n[z]: https://evil.example/z.png'), 'html', 'en');
  assert.doesNotMatch(text, /<img|<iframe|javascript:|<script/);
});

test('a file is in the language of the interface', () => {
  assert.match(exportConversation(conversation, 'markdown', 'zh').text, /^## 您，关于 1:00–1:30$/m);
  const { text } = exportConversation(conversation, 'html', 'zh');
  assert.match(text, /<html lang="zh">/);
  assert.match(text, /<h2>演示模型，关于 1:00–1:30，依据已编码的前 2:08<\/h2>/);
  assert.match(text, /未能回答：Nothing there\./);
  assert.equal(exportConversation({ ...conversation, title: '' }, 'json', 'zh').fileName, '对话.json');
});

test('HTML shows what was said as text and can neither run nor load anything', () => {
  const { text } = exportConversation(conversation, 'html', 'en');
  assert.doesNotMatch(text, /<script|<b>|src=|href=/);
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt; at 1:10 &amp; later/);
  assert.match(text, /default-src 'none'/);
});

test('JSON has a version, all branches with the one that was shown, and the range of each message', () => {
  const parsed = JSON.parse(exportConversation({ ...conversation, title: '' }, 'json', 'en').text) as { version: number; messages: { id: string; parentId: string | null; shown: boolean; range?: unknown }[] };
  assert.equal(parsed.version, 2);
  assert.deepEqual(parsed.messages.map(({ id, parentId, shown }) => [id, parentId, shown]), [['q', null, true], ['a', 'q', true], ['f', 'a', true], ['b', 'q', false]]);
  assert.deepEqual(parsed.messages[0]?.range, range);
  assert.equal(exportConversation({ ...conversation, title: '...' }, 'json', 'en').fileName, 'Conversation.json');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSnippet, searchTerms } from '../../engine/library/snippet.ts';
import { newChat, newLibrary } from './support/sample-library.ts';
import { fc, runs } from '../support/properties.ts';

test('messages and titles are found by parts of words, in any case, with or without accents, and in Chinese', (t) => {
  const library = newLibrary(t);
  const { say, video, conversation } = newChat(library);
  const cafe = say('user', 'What stands beside the Café in Straßburg?');
  const cat = say('assistant', '红色的猫 sits there.', cafe);
  const found = (query: string): (string | null)[] => library.search(query).map(({ messageId, conversationId, videoId }) => messageId ?? conversationId ?? videoId);
  assert.deepEqual(found('CAFE'), [cafe.id]);
  assert.deepEqual(found('besi'), [cafe.id]);
  assert.deepEqual(found('beside stands'), [cafe.id]);
  assert.deepEqual(found('"stands beside"'), [cafe.id]);
  assert.deepEqual(found('"beside stands"'), []);
  assert.deepEqual(found('红色的'), [cat.id]);
  assert.deepEqual(found('猫'), [cat.id]);
  assert.deepEqual(found('红色 sits'), [cat.id]);
  assert.deepEqual(found('in town'), [video.id]);
  assert.deepEqual(found('questions'), [conversation.id]);
  assert.deepEqual(found(''), []);
  assert.deepEqual(found(' "" '), []);
});

test('lines of subtitles are found with their times, are replaced as a whole, and go with their video', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  library.cues.replace(video.id, [{ startSeconds: 12.5, text: 'A zeppelin!' }, { startSeconds: 12.5, text: 'A zeppelin!' }, { startSeconds: 70, text: '气球来了' }]);
  const found = (query: string): unknown[] => library.search(query).map(({ kind, videoId, startSeconds, title }) => [kind, videoId, startSeconds, title]);
  assert.deepEqual(found('zepp'), [['subtitle', video.id, 12.5, video.title]]);
  assert.deepEqual(found('气球'), [['subtitle', video.id, 70, video.title]]);
  library.videos.remove(video.id);
  assert.deepEqual(found('zepp'), []);
  library.videos.restore(video.id);
  library.cues.replace(video.id, [{ startSeconds: 1, text: 'Nothing.' }]);
  assert.deepEqual([found('zepp').length, found('nothing').length], [0, 1]);
  library.videos.remove(video.id);
  library.videos.purge({ id: video.id });
  assert.deepEqual(found('nothing'), []);
});

test('chapters are found by their titles and what is told of them, with where they begin: those that are shown and no others', (t) => {
  const library = newLibrary(t);
  const { video } = newChat(library);
  const probe = { chapters: [{ startSeconds: 0, endSeconds: 60, title: 'Die Brücke' }, { startSeconds: 60, endSeconds: 90 }] };
  library.videos.upsert({ fingerprint: video.fingerprint, path: '/films/town.mp4', title: video.title, probe, durationSeconds: 90 });
  const found = (query: string): unknown[] => library.search(query).map(({ kind, videoId, startSeconds, title, snippet }) => [kind, videoId, startSeconds, title, snippet]);
  assert.deepEqual(found('BRUCKE'), [['chapter', video.id, 0, video.title, 'Die Brücke']]);
  const set = library.chapters.begin(video.id, 'demo', [[0, 40], [40, 90]].map(([startSeconds = 0, endSeconds = 0]) => ({ startSeconds, endSeconds, clipStartSeconds: [startSeconds] })));
  library.chapters.tell(set.id, 0, { title: 'Ankunft', text: 'A zeppelin lands.' });
  library.chapters.tell(set.id, 1, { title: '', text: '气球来了' });
  assert.equal(found('zeppelin').length, 0, 'not before they are shown');
  library.chapters.complete(set.id, '');
  assert.deepEqual(found('zeppelin ankunft'), [['chapter', video.id, 0, video.title, 'Ankunft – A zeppelin lands.']]);
  assert.deepEqual(found('气球'), [['chapter', video.id, 40, video.title, '气球来了']]);
  assert.deepEqual(found('brücke'), []);
  library.chapters.remove(video.id);
  assert.deepEqual([found('zeppelin').length, found('brücke').length], [0, 1]);
  library.videos.remove(video.id);
  assert.deepEqual(found('brücke'), []);
});

test('the index follows edits, renames, removals and restorations', (t) => {
  const library = newLibrary(t);
  const { say, video, conversation } = newChat(library);
  const message = say('user', 'the balloon');
  const count = (query: string): number => library.search(query).length;
  library.messages.update(message.id, { content: 'the kite' });
  assert.deepEqual([count('balloon'), count('kite')], [0, 1]);
  library.messages.remove(message.id);
  assert.equal(count('kite'), 0);
  library.messages.restore(message.id);
  library.conversations.rename(conversation.id, 'About wind');
  assert.deepEqual([count('kite'), count('questions'), count('wind')], [1, 0, 1]);
  library.conversations.remove(conversation.id);
  assert.deepEqual([count('kite'), count('wind')], [0, 0]);
  library.conversations.restore(conversation.id);
  library.videos.remove(video.id);
  assert.deepEqual([count('kite'), count('wind'), count('town')], [0, 0, 0]);
  library.videos.restore(video.id);
  assert.deepEqual([count('kite'), count('wind'), count('town')], [1, 1, 1]);
});

test('no query is an error, whatever signs it has', (t) => {
  const library = newLibrary(t);
  const { say } = newChat(library);
  say('user', 'NEAR("x") AND y* OR z: ^ - + % _ \' " \\ {c} 🎈🎈🎈');
  assert.equal(library.search('NEAR("x")').length, 1);
  assert.equal(library.search('🎈🎈🎈').length, 1);
  assert.equal(library.search('%').length, 1);
  const nasty = fc.string({ unit: fc.constantFrom('"', '\'', '*', '(', ')', ':', '^', '-', 'AND ', 'OR ', 'NEAR', '%', '_', '\\', '\0', 'é', '猫', '🎈', ' ', 'x'), maxLength: 12 });
  fc.assert(fc.property(fc.oneof(nasty, fc.string()), (query) => { library.search(query); }), { numRuns: runs(300) });
});

test('a limit holds over all kinds, and the newest comes first among equals', (t) => {
  const library = newLibrary(t);
  const { say } = newChat(library, 'balloon');
  library.transaction(() => { for (let index = 0; index < 30; index++) say('user', 'a balloon'); });
  const last = say('user', 'a balloon');
  const hits = library.search('balloon', { limit: 5 });
  assert.deepEqual(hits.map(({ kind }) => kind), ['video', 'message', 'message', 'message', 'message']);
  assert.equal(hits[1]?.messageId, last.id);
});

test('many hits of one kind leave room for the others, and what a kind does not need the others get', (t) => {
  const library = newLibrary(t);
  const { say, video } = newChat(library, 'balloon');
  library.transaction(() => { for (let index = 0; index < 40; index++) newChat(library, `balloon ${index}`); });
  const message = say('user', 'a balloon');
  library.cues.replace(video.id, Array.from({ length: 40 }, (_, index) => ({ startSeconds: index, text: 'a balloon' })));
  const found = (limit: number): Record<string, number> => {
    const hits = library.search('balloon', { limit });
    if (limit >= 3) assert.ok(hits.some(({ messageId }) => messageId === message.id), `no message of ${limit}`);
    return Object.fromEntries(['video', 'message', 'subtitle'].map((kind) => [kind, hits.filter((hit) => hit.kind === kind).length]));
  };
  assert.deepEqual(found(21), { video: 10, message: 1, subtitle: 10 });
  assert.deepEqual(found(60), { video: 30, message: 1, subtitle: 29 });
  assert.deepEqual(found(200), { video: 41, message: 1, subtitle: 40 });
});

test('a snippet is cut around the first match, and its marks are the words that were looked for', () => {
  const text = `${'before and '.repeat(30)}the red Balloon rises\nover the red town ${'and after '.repeat(30)}`;
  const { snippet, matches } = makeSnippet(text, ['balloon', 'red']);
  assert.deepEqual(matches.map(({ start, end }) => snippet.slice(start, end)), ['red', 'Balloon', 'red']);
  assert.match(snippet, /^…\S.*\S.*…$/u);
  assert.ok(snippet.length < 200);
  assert.deepEqual(makeSnippet('short', ['nowhere']), { snippet: 'short', matches: [] });
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 3 }), (any, terms) => {
    const made = makeSnippet(any, searchTerms(terms.join(' ')));
    for (const { start, end } of made.matches) assert.ok(start >= 0 && start < end && end <= made.snippet.length);
  }), { numRuns: runs(40) });
});

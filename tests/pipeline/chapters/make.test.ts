import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Video } from '../../../engine/library/index.ts';
import { Memory } from '../../../engine/memory/memory.ts';
import { createAsker, makeChapters } from '../../../engine/pipeline/chapters/make.ts';
import { shownChapters } from '../../../engine/pipeline/chapters/shown.ts';
import { tellerOf, type Asker } from '../../../engine/pipeline/chapters/teller.ts';
import { openEngine, type Engine } from '../../../engine/pipeline/engine.ts';
import { ingestVideo } from '../../../engine/pipeline/ingest.ts';
import { defaultAnswerSettings, type AnswerSettings } from '../../../engine/pipeline/settings.ts';
import { LongtakeError } from '../../../engine/protocol/errors.ts';
import { tinySizes, writeCheckpoint } from '../../fixtures/random-checkpoint.ts';
import { scratchDirectory } from '../../support/scratch.ts';
import { makeScenes } from '../../support/videos.ts';

const scratch = scratchDirectory('chapters');
const settings: AnswerSettings = { ...defaultAnswerSettings, model: path.join(scratch, 'checkpoint'), provider: 'cpu' };
const ranges = [[0, 60], [60, 100], [100, 150]];
let engine: Engine;
let memory: Memory;
let video: Video;

/** A model that is no demonstration, and knows nothing: its weights are random. */
before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  await writeCheckpoint(settings.model, tinySizes);
  const file = path.join(scratch, 'film.mp4');
  await makeScenes(file, [60, 40, 50]);
  engine = await openEngine(settings);
  const ingested = await ingestVideo(engine, file, { decoding: 'exact' });
  memory = ingested.memory;
  video = engine.library.videos.get(ingested.videoId);
});
after(async () => { await engine[Symbol.asyncDispose](); });

test('chapters begin where the film changes, are told by the model from their own part, and are kept with its name', async () => {
  const stages = new Set<string>();
  using asker = createAsker(engine, settings, memory);
  const made = await makeChapters(engine, video, memory, { ask: asker.ask, onProgress: ({ stage }) => { stages.add(stage); } });
  assert.deepEqual(made.chapters.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]), ranges);
  assert.deepEqual([...stages], ['chapter-cuts', 'chapters', 'summary']);
  assert.equal(made.model, engine.model.name);
  for (const { title } of made.chapters) assert.ok(title !== null && [...title].length <= 80 && !/[\p{Cc}]/u.test(title));
  const shown = shownChapters(engine.library, video);
  assert.deepEqual([shown.source, shown.model, shown.chapters.length], ['made', engine.model.name, 3]);
});

test('what was told before an end is kept: the next run asks only for the rest', async () => {
  const asked: (readonly number[] | 'all')[] = [];
  const answering = (stopAfter: number): Asker => (turns, range) => {
    if (asked.length === stopAfter) return Promise.reject(new LongtakeError('cancelled', 'Stopped.'));
    asked.push(range === undefined ? 'all' : [range.startSeconds, range.endSeconds]);
    return Promise.resolve(`${turns.length === 1 ? 'It happens' : 'A title'} from ${range?.startSeconds}`);
  };
  await assert.rejects(makeChapters(engine, video, memory, { ask: answering(3) }), { code: 'cancelled' });
  assert.deepEqual(asked, [[0, 60], [0, 60], [60, 100]], 'a caption, then a title for it');
  const before = engine.library.chapters.find(video.id, 'complete');
  assert.deepEqual(engine.library.chapters.find(video.id, 'making')?.chapters.map(({ title }) => title), ['A title from 0', null, null]);
  asked.length = 0;
  const made = await makeChapters(engine, video, memory, { ask: answering(Infinity) });
  assert.deepEqual(asked, [[60, 100], [60, 100], [100, 150], [100, 150], 'all']);
  assert.deepEqual(made.chapters.map(({ title, text }) => [title, text]), [0, 60, 100].map((start) => [`A title from ${start}`, `It happens from ${start}`]));
  assert.notEqual(made.id, before?.id);
});

test('another model does not go on with what one has begun', async () => {
  engine.library.chapters.begin(video.id, 'another', [{ startSeconds: 0, endSeconds: 150, clipStartSeconds: [0] }]);
  const made = await makeChapters(engine, video, memory, { ask: () => Promise.resolve('words') });
  assert.deepEqual([made.chapters.length, made.model], [3, engine.model.name]);
});

test('a memory that still grows has no chapters yet', async () => {
  const growing = new Memory(memory.directory, { ...memory.manifest, complete: false }, memory.ptsSeconds, []);
  await assert.rejects(makeChapters(engine, video, growing, { ask: () => Promise.resolve('') }), { code: 'bad-argument', message: /not completely in memory/u });
});

test('the summary is asked with what was said of every chapter, however many there are', async () => {
  const chapters = Array.from({ length: 40 }, (_, index) => ({ startSeconds: index * 90, endSeconds: index * 90 + 90, clipStartSeconds: [], title: `Part ${index}`, text: 'word '.repeat(200) }));
  let prompt = '';
  const summary = await tellerOf({ label: undefined }, false).summarize(chapters, (turns, range) => {
    assert.equal(range, undefined);
    prompt = turns[0]?.content ?? '';
    return Promise.resolve('One.\n\nTwo.');
  });
  assert.equal(summary, 'One. Two.');
  assert.ok(chapters.every(({ title }) => prompt.includes(`${title}: word`)));
  assert.ok(prompt.length < 9000);
});

test('the demo model tells its town by places, and says nothing of another film', async () => {
  const chapter = { startSeconds: 0, endSeconds: 130, clipStartSeconds: [0, 40, 60, 70, 80, 110] };
  const [beginning, end] = ['Where are we at the beginning?', 'Where are we at the end?'];
  const answers: Record<number, Record<string, string>> = {
    0: { [beginning]: 'The video begins at the harbour.', [end]: 'The video ends harbour.' },
    40: { [beginning]: 'The video begins lives.', [end]: 'The video ends in the park.' },
    60: { [beginning]: 'The video ends park.', [end]: 'The video ends at the farm.', 'Where are we at 01:10?': 'At 01:10 we are in the park.' },
    70: { [beginning]: 'I am lost.', [end]: 'So am I.' },
    80: { [beginning]: 'The video begins at the farm.', [end]: 'The video ends in the forest.', 'Where are we at 01:40?': 'At 01:40 we are in the forest.' },
    110: { [beginning]: 'The video begins at the farm.', [end]: 'The video ends in the forest.', 'Where are we at 02:00?': 'At 02:00 we are at the castle.' },
  };
  let asked = 0;
  const ask: Asker = ([turn], range) => {
    asked += 1;
    return Promise.resolve(answers[range?.startSeconds ?? 0]?.[String(turn?.content)] ?? 'It was asked for something else.');
  };
  assert.deepEqual(await tellerOf({ label: 'a demonstration' }, true).tell(chapter, ask), { title: 'Harbour, park, forest', text: '0:00 harbour, 0:40 park, 1:20 forest' });
  assert.equal(asked, 2 + 2 + 3 + 2 + 3 + 3, 'a third time only where two answers differ');
  const silent = tellerOf({ label: 'a demonstration' }, false);
  assert.deepEqual([await silent.tell(chapter, ask), await silent.summarize([], ask)], [{ title: '', text: '' }, '']);
  assert.equal(asked, 15, 'it is not even asked');
});

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { conditionOf, repositoryOf } from '../../engine/evaluation/conditions.ts';
import type { Memory } from '../../engine/memory/index.ts';
import { Answerer } from '../../engine/pipeline/answerer.ts';
import { openEngine, type Engine } from '../../engine/pipeline/engine.ts';
import { memoryBytes } from '../../engine/pipeline/forecast.ts';
import { ingestVideo } from '../../engine/pipeline/ingest.ts';
import { chooseRepository } from '../../engine/pipeline/repository.ts';
import { defaultAnswerSettings, idleSettings, type AnswerSettings } from '../../engine/pipeline/settings.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { retainedRows } from '../../engine/protocol/features.ts';
import { llavaVideoConfig, tinyLlavaVideoSizes, writeCheckpoint } from '../fixtures/random-checkpoint.ts';
import { writeLongvilaCheckpoint } from '../fixtures/longvila-checkpoint.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('llava-video-chat');
const settings: AnswerSettings = { ...defaultAnswerSettings, model: path.join(scratch, 'checkpoint'), provider: 'cpu', maxNewTokens: 6 };
const rowsPerFrame = 6; // 2 × 2 tokens and a newline a row
let engine: Engine;
let memory: Memory;

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  await writeCheckpoint(settings.model, tinyLlavaVideoSizes, { config: llavaVideoConfig(tinyLlavaVideoSizes) });
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 90 });
  engine = await openEngine(settings);
  ({ memory } = await ingestVideo(engine, video, { decoding: 'exact' }));
});
after(async () => { await engine[Symbol.asyncDispose](); });

const repository = (change: Partial<AnswerSettings> = {}, frames?: Int32Array) => chooseRepository(memory.frameCount, engine.model.spec, { ...settings, ...change }, 0, frames);

suite('a video and a model of the LLaVA-Video family', () => {
  test('a memory holds projected features of every second, as large as was forecast', () => {
    assert.deepEqual(memory.manifest.features, { tokensPerFrame: 4, channels: 32, dtype: 'F16' });
    assert.equal(memory.frameCount, 90);
    assert.equal(memoryBytes(engine.model.spec, 90), 90 * (4 * 32 * 2 + 5000));
  });

  test('an answer reads 64 evenly spaced frames, the first and the last among them', () => {
    const { retained } = repository();
    assert.equal(retainedRows(retained), 64 * rowsPerFrame);
    assert.deepEqual([retained.frames[0], retained.frames[1], retained.frames[63]], [0, 1, 89]);
    assert.deepEqual([...retained.tokens.subarray(0, 7)], [0, 1, 4, 2, 3, 4, 0]);
    assert.equal(new Set(retained.frames).size, 64);
  });

  test('a range is read as densely: a short one frame by frame, without repeats', () => {
    const range = Int32Array.from({ length: 20 }, (_, index) => 40 + index);
    assert.deepEqual([...repository({}, range).retained.frames], [...range]);
    assert.throws(() => repository({}, new Int32Array()), (error) => isLongtakeError(error, 'no-frames'));
  });

  test('another number of frames can be asked for', () => {
    assert.deepEqual([...repository({ repository: { uniformFrames: 4 } }).retained.frames], [0, 29, 59, 89]);
  });

  test('it answers, says nothing of what was looked at, and builds nothing of the memory', async () => {
    using answerer = new Answerer(engine, settings, memory);
    const answer = await answerer.answer([{ role: 'user', content: 'What is there?' }]);
    assert.ok(answer.answer.length > 0);
    assert.ok(!('lookedAt' in answer));
    assert.equal(answerer.memoryInfo.tokens, 64 * rowsPerFrame);
    const again = await answerer.answer([{ role: 'user', content: 'What is there?' }]);
    assert.equal(again.answer, answer.answer);
  });

  test('other frames give another answer to go on from', async () => {
    const runtime = await engine.load('answer');
    const logits = async (frames?: Int32Array): Promise<Float32Array> => {
      const { memory: selection, retained } = repository({}, frames);
      using cross = await runtime.buildCrossMemory(memory, selection);
      const generation = await runtime.prefill({ inputIds: Int32Array.of(421, 84, -200, 198, 7, 422), features: memory, cross, retained });
      const { logits: found } = generation;
      generation.dispose();
      return found;
    };
    assert.deepEqual(await logits(), await logits());
    assert.notDeepEqual(await logits(Int32Array.of(3, 4)), await logits(Int32Array.of(60, 61)));
  });

  test('a stopped reading of the prompt is a cancellation', async () => {
    using answerer = new Answerer(engine, settings, memory);
    await assert.rejects(answerer.answer([{ role: 'user', content: 'What is there?' }], { signal: AbortSignal.abort() }), (error) => isLongtakeError(error, 'cancelled'));
  });

  test('settings that mean nothing to it are named', () => {
    const { spec } = engine.model;
    assert.deepEqual(idleSettings(settings, spec), []);
    assert.deepEqual(idleSettings({ ...settings, spatialForgetting: 'random', textMask: 'all', repository: 'decayed' }, spec), ['spatialForgetting', 'textMask', 'repository']);
    assert.deepEqual(idleSettings({ ...settings, textMask: 'all' }, { memaugDepth: 4 }), []);
    assert.throws(() => repositoryOf(memory, spec, conditionOf('repository-50', settings)), (error) => isLongtakeError(error, 'bad-argument') && error.message.includes('no MemAug'));
  });
});

test('LongVILA watches a video and answers as well, each frame a line of its own', async () => {
  const model = path.join(scratch, 'longvila');
  await writeLongvilaCheckpoint(model, tinyLlavaVideoSizes);
  await using other = await openEngine({ ...settings, model });
  const watched = await ingestVideo(other, path.join(scratch, 'film.mp4'), { decoding: 'exact' });
  assert.notEqual(other.model.spec.encoderFingerprint, engine.model.spec.encoderFingerprint);
  assert.equal(watched.encodedFrames, 90, 'its features are others, so that the video is watched again');
  using answerer = new Answerer(other, { ...settings, model }, watched.memory);
  assert.equal(answerer.memoryInfo.tokens, 90 * 5);
  const few = chooseRepository(90, other.model.spec, { ...settings, repository: { uniformFrames: 5 } }, 0);
  assert.deepEqual([...few.retained.frames], [0, 22, 44, 67, 89], 'places are rounded: 22.25, 44.5, 66.75');
  const answer = await answerer.answer([{ role: 'user', content: 'What is there?' }, { role: 'assistant', content: 'A boat.' }, { role: 'user', content: 'And then?' }]);
  assert.ok(answer.timings.firstTokenMs > 0 && !('lookedAt' in answer));
});

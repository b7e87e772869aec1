import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openEngine, type Engine } from '../../engine/pipeline/engine.ts';
import { ingestVideo } from '../../engine/pipeline/ingest.ts';
import { chooseRepository, forgettingSeed } from '../../engine/pipeline/repository.ts';
import { defaultAnswerSettings, type AnswerSettings } from '../../engine/pipeline/settings.ts';
import { VideoChat } from '../../engine/pipeline/video-chat.ts';
import type { Memory } from '../../engine/memory/index.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';
import { makeVideo } from '../support/videos.ts';

const scratch = scratchDirectory('chat');
const settings: AnswerSettings = { ...defaultAnswerSettings, provider: 'cpu', maxNewTokens: 12 };
let engine: Engine;
let memory: Memory;
let videoId: string;

const openChat = (change: Partial<AnswerSettings> = {}): VideoChat =>
  new VideoChat(engine, { ...settings, ...change }, memory, videoId, 0, undefined);

before(async () => {
  process.env['LONGTAKE_HOME'] = path.join(scratch, 'home');
  const video = path.join(scratch, 'film.mp4');
  await makeVideo(video, { seconds: 150 });
  engine = await openEngine(settings);
  ({ memory, videoId } = await ingestVideo(engine, video, { decoding: 'exact' }));
});
after(async () => { await engine[Symbol.asyncDispose](); });

suite('a conversation about a video', () => {
  test('keys and values of the memory are computed once for all questions', async () => {
    const chat = openChat();
    const runtime = await engine.load('answer');
    const before = runtime.crossMemoryBuilds;
    for (const question of ['What is there?', 'Where?', 'When does it end?']) await chat.ask(question);
    assert.equal(runtime.crossMemoryBuilds - before, 1);
    assert.deepEqual(chat.answers.map(({ timings }) => timings.memoryMs > 0), [true, false, false]);
  });

  test('the answer streams: the pieces are the answer', async () => {
    const pieces: string[] = [];
    const { answer } = await openChat().ask('What is there?', { onText: (text) => pieces.push(text) });
    assert.ok(pieces.length > 1);
    assert.equal(pieces.join('').trim(), answer);
  });

  test('a stopped answer keeps what was said, and the conversation goes on', async () => {
    const chat = openChat();
    const controller = new AbortController();
    let pieces = 0;
    const stopped = await chat.ask('What is there?', { signal: controller.signal, onText: () => { if (++pieces === 2) controller.abort(); } });
    assert.equal(stopped.ended, 'stopped');
    const whole = await openChat().ask('What is there?');
    assert.ok(stopped.answer.length < whole.answer.length && whole.answer.startsWith(stopped.answer));
    assert.equal((await chat.ask('And then?')).droppedTurns, 0);
  });

  test('stopping before the first token is a cancellation, without an answer', async () => {
    const chat = openChat();
    await assert.rejects(chat.ask('What is there?', { signal: AbortSignal.abort() }), (error) => isLongtakeError(error, 'cancelled'));
    assert.equal(chat.answers.length, 0);
  });

  test('a later question knows the earlier ones; a new conversation does not', async () => {
    const chat = openChat();
    await chat.ask('What is there?');
    const later = await chat.ask('Where?');
    chat.startOver();
    const fresh = await chat.ask('Where?');
    assert.notDeepEqual(later.lookedAt, fresh.lookedAt);
  });
});

suite('what MemAug may look at', () => {
  const choose = (change: Partial<AnswerSettings>): ReturnType<typeof chooseRepository> =>
    chooseRepository(3600, engine.model.spec, { ...settings, ...change }, forgettingSeed('v1-1-ab'));

  test('an hour: the whole memory, and 512 retained frames of a quarter of their tokens', () => {
    const { memory: whole, retained } = choose({});
    assert.equal(whole.tokens.length, 3600 * 17);
    assert.equal(retained.tokens.length, 512 * 5);
    assert.deepEqual([retained.frames[0], retained.frames.at(-1)], [0, 3599]);
  });

  test('without MemAug only what was retained', () => {
    const { memory: decayed, retained } = choose({ repository: 'decayed' });
    assert.equal(decayed, retained);
  });

  test('64 uniform frames with all their tokens, at their own places', () => {
    const { memory: frames, retained } = choose({ repository: { uniformFrames: 64 } });
    assert.equal(frames, retained);
    assert.equal(frames.tokens.length, 64 * 17);
    assert.deepEqual([frames.places[0], frames.places.at(-1), frames.placeCount], [0, 3599, 3600]);
  });

  test('random forgetting belongs to the video: the same tokens every time, others for another video', () => {
    const once = choose({ spatialForgetting: 'random' }).retained.tokens;
    assert.deepEqual(choose({ spatialForgetting: 'random' }).retained.tokens, once);
    const other = chooseRepository(3600, engine.model.spec, { ...settings, spatialForgetting: 'random' }, forgettingSeed('v1-2-cd'));
    assert.notDeepEqual(other.retained.tokens, once);
  });
});

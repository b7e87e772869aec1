import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import i18next from 'i18next';
import { encodeNews } from '../../../renderer/library/encode-news.ts';
import { placeAfterMove } from '../../../renderer/library/queue-order.ts';
import { stateWords } from '../../../renderer/library/state-words.ts';
import { exportedMemory, failureOf, holdUpOf, isAskable, listedVideos, pictured, storedBytes, videoStateOf } from '../../../renderer/store/video-state.ts';
import { card, job, memory } from './support.ts';

const growing = memory({ state: 'growing' });
const encoder = memory().encoderFingerprint;
const stateOf = (video: Parameters<typeof videoStateOf>[0], job: Parameters<typeof videoStateOf>[1]): ReturnType<typeof videoStateOf> => videoStateOf(video, job, encoder);
const kindOf = (...given: Parameters<typeof stateOf>): string => stateOf(...given).kind;

suite('what a card says', () => {
  test('what runs is told before everything else', () => {
    assert.deepEqual(stateOf(card({ present: false, memories: [growing] }), job()), { kind: 'encoding', share: 0.5, etaSeconds: 12 });
    assert.equal(kindOf(card(), job({ stage: 'prepare-model' })), 'preparing');
    assert.equal(kindOf(card(), job({ state: 'queued' })), 'waiting');
  });

  test('a failure says why', () => {
    assert.deepEqual(stateOf(card(), job({ state: 'failed', error: { code: 'disk-full', message: 'No room.' } })), { kind: 'failed', message: 'No room.', share: undefined });
    assert.equal(kindOf(card({ memories: [memory()] }), job({ state: 'failed' })), 'ready', 'what is whole can be asked about, however an encode ended');
    assert.deepEqual(failureOf(job({ state: 'failed', error: { code: 'file-not-found', message: 'Gone.' } })), { code: 'file-not-found', message: 'Gone.', data: { path: 'film.mp4' } });
    assert.equal(failureOf(job()), undefined);
    assert.equal(failureOf(job({ state: 'paused', error: { code: 'cancelled', message: 'The loading of its model was cancelled.' } })), undefined);
  });

  test('what holds up the queue is the encode whose model was not loaded, not one that a person has paused', () => {
    const [rests, heldUp] = [job({ id: 'rests', state: 'paused' }), job({ id: 'held-up', state: 'paused', error: { code: 'cancelled', message: 'The loading of its model was cancelled.' } })];
    assert.equal(holdUpOf([rests, job({ state: 'queued' })]), undefined);
    assert.equal(holdUpOf([rests, heldUp, job({ state: 'queued' })])?.id, 'held-up');
    assert.equal(kindOf(card(), heldUp), 'paused');
  });

  test('a failure says how much can be asked about all the same', async () => {
    const failed = job({ state: 'failed', share: 0, error: { code: 'disk-full', message: 'No room.' } });
    const state = stateOf(card({ memories: [memory({ state: 'growing', frameCount: 20 }), memory({ state: 'damaged', frameCount: 50 })] }), failed);
    assert.deepEqual(state, { kind: 'failed', message: 'No room.', share: 1 / 3 });
    const library: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../renderer/i18n/en/library.json'), 'utf8'));
    const translation = i18next.createInstance();
    await translation.init({ lng: 'en', resources: { en: { translation: { library } } } });
    assert.equal(stateWords(state, translation.t, 'en'), 'Stopped at 33.3%');
  });

  test('a file that is not there is told before a pause, and before what is in memory', () => {
    assert.equal(kindOf(card({ present: false }), job({ state: 'paused' })), 'missing');
    assert.equal(kindOf(card({ present: false }), job({ state: 'failed' })), 'missing', 'nothing can be tried again without it');
    assert.equal(kindOf(card({ present: false, memories: [memory()] }), undefined), 'missing');
  });

  test('without a job it is what its memories are', () => {
    assert.equal(kindOf(card({ memories: [memory()] }), undefined), 'ready');
    assert.equal(kindOf(card({ memories: [growing] }), undefined), 'partly');
    assert.equal(kindOf(card({ memories: [memory({ state: 'growing', frameCount: 0 })] }), undefined), 'new');
    assert.equal(kindOf(card({ memories: [memory({ state: 'damaged' })] }), undefined), 'damaged');
    assert.equal(kindOf(card(), undefined), 'new');
  });

  test('what only another encoder has seen is not ready, and a failure counts what this one has seen', () => {
    const other = memory({ id: 'other', encoderFingerprint: 'tower-2' });
    assert.equal(kindOf(card({ memories: [other] }), undefined), 'other');
    assert.equal(kindOf(card({ memories: [other, growing] }), undefined), 'partly');
    assert.equal(kindOf(card({ memories: [other, memory()] }), undefined), 'ready');
    assert.equal(kindOf(card({ memories: [other, memory({ state: 'damaged' })] }), undefined), 'damaged');
    assert.equal(kindOf(card({ memories: [memory({ encoderFingerprint: 'tower-2', state: 'damaged' })] }), undefined), 'damaged');
    assert.equal(videoStateOf(card({ memories: [other] }), undefined, undefined).kind, 'ready', 'before the encoder of the model in use is known');
    assert.deepEqual(stateOf(card({ memories: [other] }), job({ state: 'failed' })), { kind: 'failed', message: '', share: undefined });
    assert.equal(isAskable(card({ memories: [other] }), encoder), false);
    assert.equal(isAskable(card({ memories: [other, growing] }), encoder), true);
  });

  test('its pictures are of the memory that has most of them, of whichever encoder', () => {
    const other = memory({ id: 'other', encoderFingerprint: 'tower-2' });
    assert.equal(pictured([other], encoder)?.id, 'other');
    assert.equal(pictured([{ ...growing, frameCount: 5 }, other], encoder)?.id, 'other', 'while this encoder is at it');
    assert.equal(pictured([other, memory()], encoder)?.id, 'm');
    assert.equal(pictured([memory({ state: 'damaged' }), memory({ state: 'growing', frameCount: 0 })], encoder), undefined);
  });

  test('its size is that of all its memories, and an export takes the exact one', () => {
    const memories = [memory({ id: 'fast', mode: 'fast' }), memory({ id: 'exact' }), growing];
    assert.equal(storedBytes(card({ memories })), 3000);
    assert.equal(exportedMemory(card({ memories }))?.id, 'exact');
    assert.equal(exportedMemory(card({ memories: [growing] })), undefined);
  });
});

suite('the list of videos', () => {
  const videos = [card({ id: 'old', title: 'Old town.mp4', addedAtMs: 1 }), card({ id: 'new', title: 'New harbour.mp4', addedAtMs: 9 }), card({ id: 'used', title: 'Town hall.mp4', addedAtMs: 2 })];
  test('the last used or added stands first', () => {
    assert.deepEqual(listedVideos(videos, '', { used: 10 }).map(({ id }) => id), ['used', 'new', 'old']);
  });

  test('a filter wants every word somewhere in the title', () => {
    assert.deepEqual(listedVideos(videos, ' TOWN hall', {}).map(({ id }) => id), ['used']);
    assert.deepEqual(listedVideos(videos, 'nowhere', {}), []);
  });
});

suite('the order of the queue', () => {
  test('one place earlier or later, and nowhere beyond the ends', () => {
    assert.deepEqual(placeAfterMove(['a', 'b', 'c'], 'b', -1), { beforeId: 'a' });
    assert.deepEqual(placeAfterMove(['a', 'b', 'c'], 'a', 1), { beforeId: 'c' });
    assert.deepEqual(placeAfterMove(['a', 'b', 'c'], 'b', 1), { beforeId: undefined });
    assert.equal(placeAfterMove(['a', 'b', 'c'], 'a', -1), undefined);
    assert.equal(placeAfterMove(['a', 'b', 'c'], 'c', 1), undefined);
    assert.equal(placeAfterMove(['a'], 'x', 1), undefined);
  });
});

suite('what is said of encodes', () => {
  test('one that has left the queue with a whole memory is encoded; one that failed is said once', () => {
    assert.deepEqual(encodeNews([job()], [], [card({ memories: [memory()] })]), [{ kind: 'encoded', title: 'film.mp4' }]);
    assert.deepEqual(encodeNews([job()], [job({ state: 'failed' })], [card()]), [{ kind: 'failed', title: 'film.mp4' }]);
    assert.deepEqual(encodeNews([job({ state: 'failed' })], [job({ state: 'failed' })], [card()]), []);
  });

  test('one that a person took out is no news', () => {
    assert.deepEqual(encodeNews([job()], [], [card({ memories: [growing] })]), []);
    assert.deepEqual(encodeNews([job({ state: 'paused' })], [], [card({ memories: [memory()] })]), []);
  });
});

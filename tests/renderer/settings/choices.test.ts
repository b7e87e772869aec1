import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { VideoCard } from '../../../engine/protocol/methods-library.ts';
import { answerLengths, wordingOf, wordings } from '../../../renderer/settings/answer-choices.ts';
import { diagnosticsText } from '../../../renderer/settings/diagnostics-text.ts';
import { damagedVideos, largestFirst, storageKinds } from '../../../renderer/settings/stored-videos.ts';

const video = (id: string, byteLength: number, state: 'complete' | 'damaged' = 'complete'): VideoCard => ({
  id, title: id, addedAtMs: 0, present: true, isPebbleTown: false, conversations: 0, folderId: null,
  memories: byteLength === 0 ? [] : [{ id: `memory-${id}`, encoderName: 'tower', encoderFingerprint: 'tower-1', mode: 'exact', state, frameCount: 1, byteLength }],
});

suite('what the settings offer', () => {
  test('a length of answers that is none of the offered ones is offered in its place', () => {
    assert.deepEqual(answerLengths(256).map(({ name }) => name), ['short', 'normal', 'long', 'longest']);
    assert.deepEqual(answerLengths(300).map(({ name, count }) => [name, count]), [['short', 96], ['normal', 256], ['other', 300], ['long', 768], ['longest', 4096]]);
  });

  test('how words are chosen goes there and back', () => {
    for (const sample of [null, false, true]) assert.equal(wordings[wordingOf(sample)], sample);
  });

  test('videos are listed by what they take, those that take nothing not at all, and damaged ones are named', () => {
    const videos = [video('small', 1), video('none', 0), video('large', 9, 'damaged')];
    assert.deepEqual(largestFirst(videos).map(({ id }) => id), ['large', 'small']);
    assert.deepEqual(damagedVideos(videos).map(({ id }) => id), ['large']);
  });

  test('kinds that take nothing are left out, but memories and models never', () => {
    const kinds = storageKinds({ home: '/home', freeBytes: 1, memoryBytes: 0, modelBytes: 0, proxyBytes: 0, uploadBytes: 5, downloadBytes: 2, otherBytes: 0, removedVideos: 0 });
    assert.deepEqual(kinds.map(({ kind }) => kind), ['memories', 'models', 'uploads', 'downloads']);
  });

  test('diagnostics say what a report needs and name no folder', () => {
    const text = diagnosticsText({
      versions: { longtake: '1.2.3', node: '26.0.0' }, platform: 'linux-x64', processors: '2 × Some', memoryBytes: 16e9, freeMemoryBytes: 4e9, residentBytes: 2e8,
      freeDiskBytes: 50e9, home: '/home/ada/longtake', ffmpeg: { version: 'ffmpeg version 7.1 Copyright (c) 2000-2024 the FFmpeg developers', source: 'npm', path: '/home/ada/ffmpeg' },
      model: { state: 'ready', name: 'demo', provider: 'cpu', refusedProviders: [{ provider: 'webgpu', reason: 'No adapter.' }] },
    });
    for (const line of ['longtake 1.2.3', 'memory 16.0 GB, 4.0 GB free, 0.2 GB held by the engine', 'ffmpeg 7.1 (npm)', 'model demo, ready, on cpu', 'not on webgpu: No adapter.']) {
      assert.ok(text.split('\n').includes(line), `${line}\nin\n${text}`);
    }
    assert.ok(!text.includes('/home'), text);
  });
});

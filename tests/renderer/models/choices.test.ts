import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ModelJobView, ModelNeedsView } from '../../../engine/protocol/methods-models.ts';
import { devicesOf, parseGigabytes } from '../../../renderer/models/devices.ts';
import { videosOfOtherEncoders } from '../../../renderer/models/encoder-change.ts';
import { fitOf, suggestedWeights } from '../../../renderer/models/fit.ts';
import { readHubSource } from '../../../renderer/models/hub-source.ts';
import { jobFacts, jobNews } from '../../../renderer/models/job-words.ts';

const needs = (given: Partial<ModelNeedsView>): ModelNeedsView => ({
  weights: 'int8', downloadBytes: 7e9, packageBytes: 5e9, diskBytes: 12e9, memoryBytes: 8e9, graphicsMemoryBytes: 6e9, encodeMemoryBytes: 2e9, fitsDisk: true, fitsMemory: true, ...given,
});
const job = (given: Partial<ModelJobView>): ModelJobView => ({
  id: 'model-int8', name: 'model', weights: 'int8', from: 'someone/model', commit: null, state: 'running', stage: 'download',
  doneBytes: 3e9, totalBytes: 8e9, bytesPerSecond: 12e6, etaSeconds: 417, error: null, ...given,
});
/** The key and its values, in the place of words. */
const t = ((key: string, values?: Record<string, string>) => [key.split('.').at(-1), ...Object.values(values ?? {})].join(' ')) as never;

suite('whether a model fits', () => {
  test('too little disk is told first, then RAM, unless the card has room', () => {
    const machine = { graphicsMemoryBytes: null };
    assert.equal(fitOf(needs({}), machine, null), 'fits');
    assert.equal(fitOf(needs({ fitsDisk: false, fitsMemory: false }), machine, null), 'disk');
    assert.equal(fitOf(needs({ fitsMemory: false }), machine, null), 'memory');
    assert.equal(fitOf(needs({ fitsMemory: false }), { graphicsMemoryBytes: 8e9 }, null), 'graphics');
    assert.equal(fitOf(needs({ fitsMemory: false }), { graphicsMemoryBytes: 6.2e9 }, null), 'memory', 'a tenth of the card is left to others');
    assert.equal(fitOf(needs({ fitsMemory: false }), { graphicsMemoryBytes: 24e9 }, 4e9), 'memory', 'the limit counts, not the card');
  });

  test('the most precise format that leaves room is suggested, and the smallest where none does', () => {
    const each = [needs({ weights: 'float16', memoryBytes: 18e9 }), needs({ weights: 'int8', memoryBytes: 8e9 }), needs({ weights: 'int4', memoryBytes: 7e9 })];
    assert.equal(suggestedWeights(each, { memoryBytes: 64e9 }), 'float16');
    assert.equal(suggestedWeights(each, { memoryBytes: 16e9 }), 'int8');
    assert.equal(suggestedWeights(each, { memoryBytes: 4e9 }), 'int4');
  });
});

suite('what is chosen of devices and sources', () => {
  test('each system offers its own devices, and what is chosen is always among them', () => {
    assert.deepEqual(devicesOf('linux', 'auto'), ['auto', 'cpu', 'webgpu', 'cuda']);
    assert.deepEqual(devicesOf('win32', 'cpu'), ['auto', 'cpu', 'webgpu', 'dml']);
    assert.deepEqual(devicesOf('darwin', 'cuda'), ['auto', 'cpu', 'webgpu', 'coreml', 'cuda']);
  });

  test('gigabytes are read with a point or a comma; nothing is no limit, and nonsense is refused', () => {
    assert.deepEqual(['8', ' 7.5 ', '7,5', '', '0', '-1', '8 GB', '1e3', '99999'].map(parseGigabytes), [8e9, 7.5e9, 7.5e9, null, undefined, undefined, undefined, undefined, undefined]);
  });

  test('a repository is taken by its name or the address of its page, and what is wrong is named', () => {
    const none = { revision: '', endpoint: '' };
    assert.deepEqual(readHubSource({ repository: ' someone/model ', ...none }), { source: { kind: 'hub', repository: 'someone/model', revision: 'main' } });
    assert.deepEqual(readHubSource({ repository: 'https://huggingface.co/someone/model/tree/main', ...none }), { source: { kind: 'hub', repository: 'someone/model', revision: 'main' } });
    assert.deepEqual(readHubSource({ repository: 'someone/model', revision: 'v2', endpoint: 'https://a.mirror' }), { source: { kind: 'hub', repository: 'someone/model', revision: 'v2', endpoint: 'https://a.mirror' } });
    assert.deepEqual(readHubSource({ repository: 'model', ...none }), { wrong: 'repository' });
    assert.deepEqual(readHubSource({ repository: 'someone/model', revision: '', endpoint: 'a mirror' }), { wrong: 'endpoint' });
  });

  test('a video counts as another encoder’s only where it is in memory, and not for this one as well', () => {
    const video = (id: string, ...encoders: string[]): Parameters<typeof videosOfOtherEncoders>[0][number] => ({
      id, title: id, addedAtMs: 0, present: true, isPebbleTown: false, conversations: 0, folderId: null,
      memories: encoders.map((encoder) => ({ id: encoder, encoderName: 'tower', encoderFingerprint: encoder, mode: 'exact' as const, state: 'complete' as const, frameCount: 1, byteLength: 1 })),
    });
    assert.deepEqual(videosOfOtherEncoders([video('none'), video('other', 'b'), video('both', 'a', 'b')], 'a').map(({ id }) => id), ['other']);
  });
});

suite('words about a model on its way', () => {
  test('stage, decimal percent, bytes, speed and time left are told while it runs', () => {
    assert.deepEqual(jobFacts(job({}), t, 'en'), ['download', '37.5%', 'bytes 3 GB 8 GB', 'speed 12 MB', 'left 6 min 57 sec']);
    assert.deepEqual(jobFacts(job({ totalBytes: null, bytesPerSecond: null, etaSeconds: null }), t, 'en'), ['download']);
    assert.deepEqual(jobFacts(job({ state: 'paused' }), t, 'en'), ['paused']);
    assert.deepEqual([jobFacts(job({ state: 'failed', doneBytes: 0 }), t, 'en'), jobFacts(job({ state: 'failed', doneBytes: 5 }), t, 'en')], [[], ['failed']], 'nothing is kept where nothing has come');
  });

  test('a screen reader hears of each quarter once, however often the numbers change', () => {
    const heard = new Set(Array.from({ length: 101 }, (_, percent) => jobNews(job({ doneBytes: percent * 8e7 }), 'Model', t)));
    assert.deepEqual([...heard], ['news Model download', 'news Model download 25 %', 'news Model download 50 %', 'news Model download 75 %', 'news Model download 100 %']);
  });
});

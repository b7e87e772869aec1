import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { SafetensorsFile } from '../../engine/checkpoint/safetensors.ts';
import { forget, frameRange, shownFrames } from '../../engine/memory/forgetting.ts';
import { memaugQuery, memaugTextMask, selectionPositions, videoIndex } from '../../engine/models/memaug-query.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';

const golden = join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden');
const goldenIds = { newlineId: 198, imStartId: 421, imEndId: 422, assistantIds: [64, 298, 317] };
const { cases } = z.object({
  cases: z.array(z.object({
    name: z.string(), text_mask: z.enum(['train', 'all']), frames: z.int(), input_ids: z.array(z.int()),
    query_tokens: z.int(), video_tokens: z.int(), sequence_length: z.int(),
  })),
}).parse(JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8')));
let tensors: SafetensorsFile;
before(async () => { tensors = await SafetensorsFile.open(join(golden, 'expected.safetensors')); });
after(async () => { await tensors.close(); });

for (const { name, text_mask, frames, input_ids, query_tokens, video_tokens, sequence_length } of cases) {
  test(`the authors' positions of case ${name} with text mask ${text_mask} are reproduced`, async () => {
    const inputIds = Int32Array.from(input_ids);
    const retained = forget(shownFrames(frameRange(0, frames)), 8, { kind: 'uniform' });
    const query = memaugQuery(inputIds, memaugTextMask(inputIds, text_mask, goldenIds), retained, 64);
    const expected = new Int32Array((await tensors.read(`${name}.${text_mask}.query_positions`)).buffer);
    assert.equal(query.positions.length, query_tokens);
    assert.equal(query.videoRows, video_tokens);
    assert.equal(input_ids.length - 1 + query.videoRows, sequence_length);
    assert.deepEqual(query.positions, expected);
  });
}

/** Qwen2's ids: "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n". */
const qwenPrefix = [151644, 8948, 198, 2610, 525, 264, 10950, 17847, 13, 151645, 198, 151644, 872, 198];
const qwenIds = { newlineId: 198, imStartId: 151644, imEndId: 151645, assistantIds: [77091] };
const question = [198, 3838, 374, 30, 151645, 198];
const header = [151644, 77091, 198];
const conversation = Int32Array.from([...qwenPrefix, -200, ...question, ...header, 2610, 13, 151645, 198, 151644, 872, 198, 8996, 30, 151645, 198, ...header]);

test('as in training, MemAug sees eight tokens before the video, all questions and no answer', () => {
  const mask = memaugTextMask(conversation, 'train', qwenIds);
  assert.equal(mask.subarray(0, 14).reduce((sum, kept) => sum + kept, 0), 8);
  const kept = conversation.filter((_, index) => mask[index] === 1);
  assert.deepEqual([...kept], [8948, 2610, 525, 264, 10950, 17847, 13, 872, 3838, 374, 30, 872, 8996, 30]);
});

test('with mask "all" MemAug sees every token but the video', () => {
  const mask = memaugTextMask(conversation, 'all', qwenIds);
  assert.equal(mask.subarray(0, 14).reduce((sum, kept) => sum + kept, 0), 14);
  assert.equal(mask.reduce((sum, kept) => sum + kept, 0), conversation.length - 1);
});

test('a retained token and its own key differ by the length of the prefix', () => {
  const retained = forget(frameRange(0, 3600), 8, { kind: 'uniform' });
  const query = memaugQuery(conversation, memaugTextMask(conversation, 'train', qwenIds), retained, 64);
  const own = selectionPositions(retained, 64);
  own.forEach((position, row) => { assert.equal(query.positions[8 + row], 8 + position); });
  assert.equal(own.at(-1), 3600 * 65 - 1);
  assert.equal(query.positions[8 + own.length], 8 + 3600 * 65);
});

test('a prompt without the video, or with two, is refused', () => {
  for (const ids of [[1, 2], [1, -200, -200]]) {
    assert.throws(() => videoIndex(Int32Array.from(ids)), (error) => isLongtakeError(error, 'bad-argument'));
  }
});

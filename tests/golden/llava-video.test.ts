import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { z } from 'zod';
import { buildPrompt } from '../../engine/chat/prompt.ts';
import { readTokenizer } from '../../engine/chat/tokenizer.ts';
import { SafetensorsFile } from '../../engine/checkpoint/safetensors.ts';
import { relativeError } from '../../engine/evaluation/golden.ts';
import { featureChannels } from '../../engine/models/spec.ts';
import { promptVideo } from '../../engine/pipeline/prompt-video.ts';
import { chooseRepository } from '../../engine/pipeline/repository.ts';
import { defaultAnswerSettings } from '../../engine/pipeline/settings.ts';
import { buildModelPackage } from '../../engine/models/package.ts';
import type { FeatureSource } from '../../engine/protocol/features.ts';
import { openVideoModel, type VideoModel, type OpenOptions } from '../../engine/runtime/video-model.ts';
import { indexOfLargest } from '../../engine/runtime/sampling.ts';
import { scratchDirectory } from '../support/scratch.ts';

const fixture = path.join(import.meta.dirname, '../fixtures/llava-video-golden');
const tokenizerFile = path.join(import.meta.dirname, '../fixtures/hour-llava-golden/tokenizer.json');
const scratch = scratchDirectory('llava-video-golden');

const expectedSchema = z.object({
  seconds: z.array(z.number()),
  durationSeconds: z.number(),
  strides: z.object({ features: z.int(), video: z.int(), patches: z.int() }),
  cases: z.array(z.object({
    name: z.string(),
    config: z.looseObject({ tie_word_embeddings: z.boolean().optional() }),
    /** Of LongVILA: the configs of its three folders. */
    parts: z.object({ llm: z.looseObject({ model_type: z.string() }), vision_tower: z.looseObject({}), mm_projector: z.looseObject({}) }).optional(),
    turns: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.string() })),
    input_ids: z.array(z.int()),
    video_rows: z.int(),
    greedy: z.array(z.int()),
  })),
});
const expected = expectedSchema.parse(JSON.parse(await readFile(path.join(fixture, 'expected.json'), 'utf8')));
type Case = (typeof expected.cases)[number];
let tensors: SafetensorsFile;

before(async () => { tensors = await SafetensorsFile.open(path.join(fixture, 'expected.safetensors')); });
after(async () => { await tensors.close(); });

const floats = async (name: string): Promise<Float32Array> => new Float32Array((await tensors.read(name)).buffer);

/** The frames of make.py. */
function frames(imageSize: number): Uint8Array {
  const bytes = new Uint8Array(expected.seconds.length * imageSize ** 2 * 3);
  let place = 0;
  for (let frame = 0; frame < expected.seconds.length; frame += 1) {
    for (let row = 0; row < imageSize; row += 1) {
      for (let column = 0; column < imageSize; column += 1) {
        for (let colour = 0; colour < 3; colour += 1) {
          bytes[place] = (row * (3 + frame) + column * 5 + Math.floor((row * column) / 29) + colour * 61 + frame * 97) % 256;
          place += 1;
        }
      }
    }
  }
  return bytes;
}

const isOnLlama = ({ parts }: Case): boolean => parts?.llm.model_type === 'llama';
const tokenizerOf = (one: Case): string => isOnLlama(one) ? path.join(fixture, 'llama-tokenizer.json') : tokenizerFile;

/** A checkpoint of that case: of LLaVA-Video one folder, where the embeddings are tied without the output layer; of LongVILA three. */
async function writeCase(one: Case): Promise<string> {
  const directory = path.join(scratch, one.name.replaceAll(/\W+/gu, '-'));
  if (one.parts === undefined) {
    await writePart(directory, one.config, ['text', 'biases', 'vision', ...(one.config.tie_word_embeddings === true ? [] : ['head'])]);
    await copyFile(tokenizerFile, path.join(directory, 'tokenizer.json'));
    return directory;
  }
  await writePart(path.join(directory, 'llm'), one.parts.llm, ['text', 'head', ...(isOnLlama(one) ? [] : ['biases'])]);
  await copyFile(tokenizerOf(one), path.join(directory, 'llm', 'tokenizer.json'));
  await writePart(path.join(directory, 'vision_tower'), one.parts.vision_tower, ['vila-tower']);
  await writePart(path.join(directory, 'mm_projector'), one.parts.mm_projector, ['vila-projector']);
  await writeFile(path.join(directory, 'config.json'), JSON.stringify(one.config));
  return directory;
}

/** A folder with a config and weights, one file or shards. */
async function writePart(directory: string, config: unknown, shards: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'config.json'), JSON.stringify(config));
  const weightMap: Record<string, string> = {};
  for (const shard of shards) {
    const file = path.join(fixture, `${shard}.safetensors`);
    const opened = await SafetensorsFile.open(file);
    for (const name of opened.entries.keys()) weightMap[name] = `${shard}.safetensors`;
    await opened.close();
    await copyFile(file, path.join(directory, shards.length === 1 ? 'model.safetensors' : `${shard}.safetensors`));
  }
  if (shards.length > 1) await writeFile(path.join(directory, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }));
}

async function openCase(one: Case, options: OpenOptions): Promise<VideoModel> {
  const directory = await writeCase(one);
  await buildModelPackage(directory, `${directory}-package`, { weights: 'float32' });
  return await openVideoModel(`${directory}-package`, options);
}

/** Every `stride`th row of each of `groups`. */
function every(rows: Float32Array, width: number, stride: number, groups = 1): Float32Array {
  const length = rows.length / groups;
  const count = Math.ceil(length / width / stride);
  const picked = new Float32Array(groups * count * width);
  for (let group = 0; group < groups; group += 1) {
    for (let row = 0; row < count; row += 1) {
      const from = group * length + row * stride * width;
      picked.set(rows.subarray(from, from + width), (group * count + row) * width);
    }
  }
  return picked;
}

/** Checks every stage from frames to tokens, each on what the stage before gave here. */
async function compare(one: Case, model: VideoModel): Promise<void> {
  const { spec } = model;
  const width = featureChannels(spec);
  const count = expected.seconds.length;
  const { patches, features } = await model.inspectFrames(frames(spec.vision.imageSize), count);
  const { strides } = expected;
  const close = async (what: string, found: Float32Array, name: string): Promise<void> => {
    const error = relativeError(found, await floats(name));
    assert.ok(error < 1e-4, `${what}: ${String(error)}`);
  };
  await close('tower', every(patches, spec.vision.channels, strides.patches, count), 'patches');
  await close('projected and pooled', every(features, width, strides.features, count), `${one.name}.features`);

  const source: FeatureSource = {
    frameCount: count,
    readFeatures: (from, to) => Promise.resolve(features.slice(from * spec.tokensPerFrame * width, to * spec.tokensPerFrame * width)),
  };
  const { memory, retained } = chooseRepository(count, spec, defaultAnswerSettings, 0);
  const video = promptVideo(spec, { durationSeconds: expected.durationSeconds, frameCount: count, secondsOf: (frame) => expected.seconds[frame] ?? 0 }, retained);
  const inputIds = buildPrompt(one.turns, video, readTokenizer(tokenizerOf(one)), spec.text.template);
  assert.deepEqual([...inputIds], one.input_ids, 'the prompt');

  using cross = await model.buildCrossMemory(source, memory);
  const stages = new Map<string, Float32Array>();
  const generation = await model.prefill({ inputIds, features: source, cross, retained }, { inspect: (stage, rows) => stages.set(stage, rows) });
  try {
    const embedded = stages.get('embeddings') ?? new Float32Array();
    const start = one.input_ids.indexOf(-200) * width;
    await close('newlines', every(embedded.subarray(start, start + one.video_rows * width), width, strides.video), `${one.name}.video`);
    assert.equal(generation.sequenceLength, one.input_ids.length - 1 + one.video_rows);
    await close('logits', generation.logits, `${one.name}.logits`);
    let { logits } = generation;
    const greedy: number[] = [];
    for (const token of one.greedy) {
      greedy.push(indexOfLargest(logits));
      logits = await generation.next(token);
    }
    assert.deepEqual(greedy, one.greedy);
    assert.deepEqual(await generation.lookedAt(), new Float32Array());
  } finally {
    generation.dispose();
  }
}

suite('the LLaVA-Video family and LongVILA compute what PyTorch does', () => {
  for (const one of expected.cases) {
    test(one.name, async () => {
      const model = await openCase(one, { provider: 'cpu' });
      try {
        await compare(one, model);
      } finally {
        await model.dispose();
      }
    });
  }

  test('with the graphs of an accelerator', async () => {
    const [one] = expected.cases;
    assert.ok(one !== undefined);
    const model = await openCase(one, { device: { provider: 'cpu', compute: 'float32', attention: 'plain', keepsTensors: true, threads: undefined } });
    try {
      await compare(one, model);
    } finally {
      await model.dispose();
    }
  });
});

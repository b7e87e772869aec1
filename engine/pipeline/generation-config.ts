import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { jsonText } from '../protocol/json-text.ts';
import type { SamplingOptions } from '../runtime/sampling.ts';

/** The members of transformers' `generation_config.json` that decide which token comes next. */
const generationConfigSchema = z.looseObject({
  do_sample: z.boolean().default(false),
  temperature: z.number().nonnegative().default(1),
  top_k: z.int().nonnegative().default(50),
  top_p: z.number().positive().max(1).default(1),
  repetition_penalty: z.number().positive().default(1),
});

/** Reads how a checkpoint wants its answers sampled. Throws `model-invalid`. */
export function readSampling(file: string): SamplingOptions {
  const parsed = jsonText.pipe(generationConfigSchema).safeParse(readFileSync(file, 'utf8'));
  if (!parsed.success) {
    throw new LongtakeError('model-invalid', `${file} does not say how to sample: ${z.prettifyError(parsed.error)}`, { file });
  }
  const { do_sample: doSample, temperature, top_k: topK, top_p: topP, repetition_penalty: repetitionPenalty } = parsed.data;
  return { doSample, temperature, topK, topP, repetitionPenalty, seed: 0 };
}

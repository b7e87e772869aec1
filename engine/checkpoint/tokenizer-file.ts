import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';

/** How Qwen2's tokenizer cuts text before its merges (transformers, `tokenization_qwen2.py`). */
const qwen2Pattern = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

const vocabularySchema = z.record(z.string(), z.int().nonnegative());
/** What Qwen2 adds to every vocabulary, where no file says it. */
const qwen2Specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];

/**
 * Makes `tokenizer.json` of `vocab.json`, `merges.txt` and `added_tokens.json`, as checkpoints that were saved with the
 * slow tokenizer have them. Does nothing where it is there. Throws `checkpoint-unsupported` where neither is.
 */
export async function ensureTokenizerFile(directory: string): Promise<void> {
  const target = join(directory, 'tokenizer.json');
  if (await exists(target)) return;
  if (!await exists(join(directory, 'vocab.json')) || !await exists(join(directory, 'merges.txt'))) {
    throw new LongtakeError('checkpoint-unsupported', `${directory} has neither tokenizer.json nor vocab.json and merges.txt.`, { directory });
  }
  const vocab = vocabularySchema.parse(JSON.parse(await readFile(join(directory, 'vocab.json'), 'utf8')));
  const merges = (await readFile(join(directory, 'merges.txt'), 'utf8')).split('\n')
    .map((line) => line.replace(/\r$/u, '')).filter((line) => line !== '' && !line.startsWith('#version')).map((line) => line.split(' '));
  const addedPath = join(directory, 'added_tokens.json');
  const first = 1 + Math.max(...Object.values(vocab));
  const added = await exists(addedPath) ? vocabularySchema.parse(JSON.parse(await readFile(addedPath, 'utf8')))
    : Object.fromEntries(qwen2Specials.map((content, index) => [content, first + index]));
  const tokenizer = {
    version: '1.0', truncation: null, padding: null,
    added_tokens: Object.entries(added).sort(([, one], [, other]) => one - other).map(([content, id]) =>
      ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: qwen2Pattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false,
      vocab, merges,
    },
  };
  await writeFile(`${target}.new`, JSON.stringify(tokenizer), { flush: true });
  await rename(`${target}.new`, target);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then((found) => found.isFile(), () => false);
}

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ensureTokenizerFile } from '../../engine/checkpoint/tokenizer-file.ts';
import { readTokenizer } from '../../engine/chat/tokenizer.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('tokenizer-file');
const golden = path.join(import.meta.dirname, '..', 'fixtures', 'hour-llava-golden', 'tokenizer.json');

test('a vocabulary and its merges in two files make the same tokens as tokenizer.json', async () => {
  const { model, added_tokens: added } = JSON.parse(readFileSync(golden, 'utf8')) as {
    model: { vocab: Record<string, number>; merges: string[][] }; added_tokens: { id: number; content: string }[];
  };
  writeFileSync(path.join(scratch, 'vocab.json'), JSON.stringify(model.vocab));
  writeFileSync(path.join(scratch, 'merges.txt'), ['#version: 0.2', ...model.merges.map((pair) => pair.join(' ')), ''].join('\n'));
  writeFileSync(path.join(scratch, 'added_tokens.json'), JSON.stringify(Object.fromEntries(added.map(({ id, content }) => [content, id]))));
  await ensureTokenizerFile(scratch);
  const [made, known] = [readTokenizer(path.join(scratch, 'tokenizer.json')), readTokenizer(golden)];
  for (const text of ['<|im_start|>user\nWhen does the cat appear?<|im_end|>\n', 'It\'s 12:30 —  two  spaces, héhé ✓', '\r\n\r\n#1 x']) {
    assert.deepEqual([...made.encode(text)], [...known.encode(text)], text);
  }
});

test('a folder with no tokenizer at all is refused', async () => {
  const empty = path.join(scratch, 'empty');
  mkdirSync(empty);
  await assert.rejects(ensureTokenizerFile(empty), (error) => isLongtakeError(error, 'checkpoint-unsupported'));
});

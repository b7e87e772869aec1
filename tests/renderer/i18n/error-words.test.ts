import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import i18next from 'i18next';
import { errorWords } from '../../../renderer/i18n/error-words.ts';

const folder = path.join(import.meta.dirname, '../../../renderer/i18n');
const wordsOf = (language: string): { readonly told: Readonly<Record<string, string>> } => JSON.parse(readFileSync(path.join(folder, language, 'errors.json'), 'utf8')) as { told: Record<string, string> };
const translate = i18next.createInstance();
await translate.init({ resources: { en: { translation: { errors: wordsOf('en') } }, zh: { translation: { errors: wordsOf('zh') } } }, interpolation: { escapeValue: false } });

const message = 'The engine says it in English.';
const data = { path: '/films/海边.mp4', byteLength: 5_000_000, freeBytes: 2_000_000 };

test('the commonest errors are whole Chinese sentences, with the file and the numbers, and no English is left in them', () => {
  const t = translate.getFixedT('zh');
  const codes = Object.keys(wordsOf('zh').told);
  assert.deepEqual(codes, Object.keys(wordsOf('en').told));
  for (const code of codes) {
    const said = errorWords(t, { code, message, data });
    assert.doesNotMatch(said, /English|\{\{|errors\./u, code);
    assert.match(said, /。$/u, code);
  }
  assert.match(errorWords(t, { code: 'file-not-found', message, data }), /“海边\.mp4”/u);
  assert.match(errorWords(t, { code: 'file-not-found', message, data: { path: 'C:\\films\\a.mp4' } }), /“a\.mp4”/u);
  assert.match(errorWords(t, { code: 'disk-full', message, data }), /5.*MB.*2.*MB/u);
});

test('without what its sentence names, or of another kind, an error is its first words and the sentence of the engine', () => {
  const t = translate.getFixedT('zh');
  assert.equal(errorWords(t, { code: 'file-not-found', message }), `找不到文件。${message}`);
  assert.equal(errorWords(t, { code: 'disk-full', message, data: { byteLength: 1 } }), `磁盘空间不足。${message}`);
  assert.equal(errorWords(t, { code: 'model-invalid', message, data }), `模型文件已损坏。${message}`);
  assert.equal(errorWords(t, { message }), message);
  assert.equal(errorWords(t, { code: 'of-another-version', message }), message);
});

test('English keeps the sentence of the engine, which says most', () => {
  const t = translate.getFixedT('en');
  for (const code of ['file-not-found', 'disk-full', 'model-invalid']) assert.equal(errorWords(t, { code, message, data }), message);
});

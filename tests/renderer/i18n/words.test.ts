import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { errorWords } from '../../../renderer/i18n/error-words.ts';
import { readUsedWords } from './used-words.ts';

const folder = path.join(import.meta.dirname, '../../../renderer/i18n');
/** The forms that a language has, and "zero", which is a choice everywhere. */
const forms = { en: ['one', 'other'], zh: ['other'] } as const;
const suffix = /_(zero|one|two|few|many|other)$/u;

/** Every key of a language with its words: `area.some.key`. */
function wordsOf(language: keyof typeof forms): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  const add = (prefix: string, value: unknown): void => {
    if (typeof value === 'string') words.set(prefix, value);
    else for (const [key, inner] of Object.entries(value as Record<string, unknown>)) add(`${prefix}.${key}`, inner);
  };
  for (const file of readdirSync(path.join(folder, language))) add(path.basename(file, '.json'), JSON.parse(readFileSync(path.join(folder, language, file), 'utf8')));
  return words;
}

/** Chinese counts large numbers by other steps, so it is given another value. */
const countedDifferently = ['models.catalogue.parameters'];

const words = { en: wordsOf('en'), zh: wordsOf('zh') };
const isPlural = (key: string): boolean => words.en.has(`${key.replace(suffix, '')}_other`);
const baseOf = (key: string): string => isPlural(key) ? key.replace(suffix, '') : key;
const bases = (language: keyof typeof forms): string[] => [...new Set([...words[language].keys()].map(baseOf))].sort();
const placesIn = (text: string | undefined): string[] => [...new Set([...(text ?? '').matchAll(/\{\{(\w+)\}\}/gu)].map(([, name = '']) => name))].sort();

suite('words of the interface', () => {
  test('English and Chinese say the same things', () => {
    assert.deepEqual(bases('zh'), bases('en'));
  });

  test('what is counted has the forms that its language has, and no others', () => {
    for (const language of ['en', 'zh'] as const) {
      for (const base of bases(language).filter((key) => words[language].has(`${key}_other`))) {
        const found = [...words[language].keys()].filter((key) => key.replace(suffix, '') === base).map((key) => suffix.exec(key)?.[1]);
        assert.deepEqual(found.filter((form) => form !== 'zero').sort(), [...forms[language]], `${language}: ${base}`);
      }
    }
  });

  test('both have the same places for values', () => {
    for (const [key, text] of words.zh) {
      // What a language has a sentence of its own for names the values; English has the engine's (error-words.test.ts).
      if (countedDifferently.includes(key) || key.startsWith('errors.told.')) continue;
      const form = suffix.exec(key)?.[1];
      assert.deepEqual(placesIn(text), placesIn(words.en.get(isPlural(key) && form !== 'zero' ? `${baseOf(key)}_other` : key)), key);
    }
  });

  test('no text is empty, or has space around it', () => {
    for (const language of ['en', 'zh'] as const) for (const [key, text] of words[language]) assert.ok(text !== '' && text.trim() === text, `${language}: ${key}`);
  });

  test('what a button is called begins with what stands on it, for who speaks to it', () => {
    for (const language of ['en', 'zh'] as const) {
      const [shown = '', said = ''] = ['models.catalogue.add', 'models.catalogue.addNamed'].map((key) => words[language].get(key));
      assert.ok(said.startsWith(shown), `${language}: ${said}`);
    }
  });

  test('every kind of error that the engine knows has words, with the engine\'s own behind them', () => {
    const codes = [...readFileSync(path.join(folder, '../../engine/protocol/errors.ts'), 'utf8').matchAll(/^ {2}\| '([a-z-]+)'/gmu)].map(([, code = '']) => code);
    assert.ok(codes.length > 30);
    for (const language of ['en', 'zh'] as const) {
      assert.deepEqual([...words[language].keys()].filter((key) => key.startsWith('errors.') && !key.startsWith('errors.told.')).toSorted(), codes.map((code) => `errors.${code}`).toSorted());
      for (const code of codes) assert.ok(words[language].get(`errors.${code}`)?.endsWith('{{message}}'));
    }
    const said = (key: string): string => key === 'errors.disk-full' ? '磁盘空间不足。It is full.' : 'another key';
    assert.equal(errorWords(said, { code: 'disk-full', message: 'It is full.' }), '磁盘空间不足。It is full.');
    assert.equal(errorWords(said, { message: 'The page itself failed.' }), 'The page itself failed.');
  });

  const used = readUsedWords();

  test('every key that the interface asks for is there', () => {
    const known = bases('en');
    const missing = used.asked.filter(({ key }) => typeof key === 'string' ? !known.includes(key) : !known.some((one) => key.test(one)));
    assert.deepEqual(missing.map(({ key, file }) => `${file}: ${String(key)}`), []);
  });

  test('every key is used', () => {
    const unused = bases('en').filter((key) => !used.mentioned.has(key) && !used.patterns.some((pattern) => pattern.test(key)));
    assert.deepEqual(unused, []);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findTimes } from './support/times.ts';
import { formatTime } from '../../../engine/chat/citations.ts';
import { filmQuestions } from '../../../engine/pipeline/questions/film-questions.ts';
import type { FilmFacts } from '../../../engine/pipeline/questions/moments.ts';
import { townQuestions } from '../../../engine/pipeline/questions/town-questions.ts';
import { videoTasks } from '../../../engine/pipeline/questions/video-tasks.ts';
import { questionsAtOnce } from '../../../engine/protocol/limits.ts';
import { fc } from '../../support/properties.ts';

const tasks: readonly string[] = Object.values(videoTasks).flat();
const languages = ['en', 'zh'] as const;
const plain: FilmFacts = { knownSeconds: 3600, isWhole: true, chapters: [], hasSummary: false, lines: [] };
const chaptersOf = (titles: readonly string[], seconds: number): FilmFacts['chapters'] =>
  titles.map((title, index) => ({ startSeconds: (index * seconds) / titles.length, endSeconds: ((index + 1) * seconds) / titles.length, title }));

const language = fc.constantFrom(...languages);
const words = fc.oneof(fc.constantFrom('Arrival', '暴风雨', 'The {to} of {at}', 'A “quoted” one', 'two\nlines', ''), fc.string({ maxLength: 90, unit: 'grapheme' }));
/** Films of half a second to ten hours, with what was made of them and what is said in them. */
const film: fc.Arbitrary<FilmFacts> = fc.record({
  seconds: fc.double({ min: 0.5, max: 36_000, noNaN: true }), known: fc.double({ min: 0.01, max: 1, noNaN: true }), isWhole: fc.boolean(), hasSummary: fc.boolean(),
  titles: fc.array(words, { maxLength: 20 }), lines: fc.array(fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }), text: words }), { maxLength: 20 }),
}).map(({ seconds, known, isWhole, hasSummary, titles, lines }) => ({
  knownSeconds: isWhole ? seconds : known * seconds, isWhole, hasSummary, chapters: chaptersOf(titles, seconds),
  lines: lines.map(({ share, text }) => ({ startSeconds: share * seconds, text })),
}));

suite('questions about a film', () => {
  test('the taxonomy has 22 tasks in six topics', () => {
    assert.deepEqual([new Set(tasks).size, Object.keys(videoTasks).length], [22, 6]);
  });

  test('cover all 22 tasks of every film, the same each time, none twice', () => {
    fc.assert(fc.property(film, language, (facts, asked) => {
      const questions = filmQuestions(facts, asked);
      assert.deepEqual([...new Set(questions.map(({ task }) => task))].toSorted(), tasks.toSorted());
      assert.ok(questions.every(({ task, topic }) => (videoTasks[topic] as readonly string[]).includes(task)));
      assert.equal(new Set(questions.map(({ text }) => text)).size, questions.length);
      assert.deepEqual(filmQuestions(facts, asked), questions);
    }));
  });

  test('name only times that are in memory, written as everywhere, and only words that are known', () => {
    fc.assert(fc.property(film, language, (facts, asked) => {
      const quoted = new Set([...facts.chapters.map(({ title }) => title.trim()), ...facts.lines.map(({ text }) => text.trim())]);
      for (const { text } of filmQuestions(facts, asked)) {
        const [, ...quotes] = text.split('“').map((part) => part.split('”')[0] ?? '');
        assert.ok(quotes.every((quote) => quoted.has(quote)), text);
        const bare = quotes.reduce((shorter, quote) => shorter.replace(`“${quote}”`, () => '“X”'), text);
        assert.doesNotMatch(bare, /[{}]|undefined|NaN|\s\s/u);
        assert.ok(bare === bare.trim() && /[?？.。]$/u.test(bare), bare);
        for (const { written, seconds } of findTimes(bare)) {
          assert.ok(seconds <= facts.knownSeconds, `${text} of a film that is known to ${facts.knownSeconds}`);
          assert.equal(written, formatTime(seconds));
        }
      }
    }));
  });

  test('the first handful is about six topics, and the next ones, too', () => {
    for (const asked of languages) {
      const questions = filmQuestions(plain, asked);
      for (const from of [0, 6, 12]) assert.equal(new Set(questions.slice(from, from + questionsAtOnce).map(({ topic }) => topic)).size, 6);
    }
    assert.equal(filmQuestions(plain, 'en')[0]?.text, 'What is this video about?');
    assert.equal(filmQuestions(plain, 'zh')[0]?.text, '这个视频讲的是什么？');
  });

  test('with chapters and subtitles they are about these; under a summary they do not begin with asking for one', () => {
    const facts: FilmFacts = {
      ...plain, chapters: chaptersOf(['Arrival', 'A storm', 'Back home'], 3600), hasSummary: true,
      lines: [{ startSeconds: 725.5, text: 'We have finally made it!' }],
    };
    const texts = filmQuestions(facts, 'en').map(({ text }) => text);
    assert.ok(texts.some((text) => /in “A storm” \(from 20:00\)/u.test(text)), texts.join('\n'));
    assert.ok(texts.some((text) => text.includes('when “We have finally made it!” is said (12:05)')), texts.join('\n'));
    assert.ok(texts.indexOf('What is this video about?') >= questionsAtOnce);
    assert.ok(filmQuestions(facts, 'zh').some(({ text }) => text.includes('“A storm”')));
  });

  test('while a film is encoded none asks what comes at its end', () => {
    const partial = filmQuestions({ ...plain, knownSeconds: 900, isWhole: false }, 'en').map(({ text }) => text);
    assert.ok(!partial.some((text) => text.includes('at the end')));
    assert.ok(filmQuestions(plain, 'en').some(({ text }) => text.includes('at the end')));
  });
});

suite('questions about a film of the town', () => {
  test('name places at times within it, and figures only to ask whether they come', () => {
    fc.assert(fc.property(fc.double({ min: 0.5, max: 6000, noNaN: true }), fc.boolean(), (seconds, isWhole) => {
      const questions = townQuestions(seconds, isWhole);
      assert.equal(new Set(questions).size, questions.length);
      for (const question of questions) {
        for (const { seconds: at } of findTimes(question)) assert.ok(at > 0 && at <= seconds, question);
        if (/kite|rocket|cat|drum|bell|balloon|duck|robot/u.test(question)) assert.match(question, /^Is there a \w+\?$/u);
      }
    }));
    assert.ok(townQuestions(5400, true).includes('Where are we at 67:30?'), 'as the demo model was taught: without hours');
  });
});

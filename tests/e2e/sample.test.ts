import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { sampleQuestions, sampleVideoFile } from '../../engine/pipeline/pebble-town.ts';
import { videoTasks } from '../../engine/pipeline/questions/video-tasks.ts';
import { topMoments } from '../../engine/protocol/moments.ts';
import { runCli, runJson } from '../support/cli.ts';
import { naming, onlyEvent, sampleSigns, sampleStory, toldTime, toldTimeOf } from '../support/sample-story.ts';
import { scratchDirectory } from '../support/scratch.ts';

const scratch = scratchDirectory('sample');
const home = path.join(scratch, 'home');
type Expectation = readonly [question: string, ...answer: RegExp[]];

const [bell, balloon, kite, fog] = [onlyEvent('bell'), onlyEvent('balloon'), onlyEvent('kite'), onlyEvent('fog')];
const signs = sampleSigns.map(({ thing }) => thing);
const weathers = sampleStory.events.filter(({ cause }) => cause !== undefined).map(({ thing }) => thing);
const inOrder = [kite, bell, balloon].sort((one, other) => one.startSeconds - other.startSeconds).map(({ thing }) => thing);

const [duckFirst, duckThen] = sampleStory.events.filter(({ thing }) => thing === 'duck');
const placeAt = (seconds: number): string | undefined => sampleStory.scenes.find(({ startSeconds, endSeconds }) => seconds >= startSeconds && seconds < endSeconds)?.place;
const placeAfter = (seconds: number): string | undefined => sampleStory.scenes.find(({ startSeconds }) => startSeconds > seconds)?.place;
const count = (thing: string): number => sampleStory.events.filter((event) => event.thing === thing).length;
const share = (one: number, other: number): string => Math.abs(one - other) > sampleStory.seconds * 3 / 8 ? 'half of it or more' : 'about a quarter of it';
const only = /\bonly once\b/u;

/** What is true of the sample video, in the order in which it is suggested. The first three are what an unattended chat asks. */
const suggested: readonly Expectation[] = [
  ['When does the bell appear?', toldTime(bell.startSeconds)],
  ['Why is there fog?', naming(fog.cause)],
  ['What does the first sign say?', naming(signs[0])],
  ['In which order do the kite, the bell and the balloon come?', naming(...inOrder)],
  ['Tell me about the kite.', naming(kite.colour), naming(kite.action), naming(kite.place), toldTime(kite.startSeconds)],
  ['Summarize the video.', naming(sampleStory.scenes[0]?.place, sampleStory.scenes.at(-1)?.place, ...weathers, ...signs)],
  ['Where do we go after the kite?', naming(placeAfter(kite.endSeconds))],
  ['How long does the fog last?', naming(`${fog.endSeconds - fog.startSeconds} seconds`)],
  ['What colour is the balloon?', naming(balloon.colour)],
  ['Is the kite on the left or on the right?', naming(kite.side)],
  ['What does the kite do?', naming(kite.action)],
  ['Where are we at 34:20?', naming(placeAt(34 * 60 + 20))],
  ['Which comes first, the balloon or the kite?', balloon.startSeconds < kite.startSeconds ? /balloon comes first/iu : /kite comes first/iu],
  ['Where is the balloon?', naming(balloon.place)],
  ['Who does the kite come to?', naming(kite.companion)],
  ['Does the duck come back?', count('duck') > 1 ? /\bYes\b/u : only],
  ['When does the kite move left?', toldTime(kite.startSeconds)],
  ['What happens after the bell comes?', naming(bell.brings)],
  ['Does the bell come before or after the fog?', naming(bell.startSeconds < fog.startSeconds ? 'before' : 'after')],
  ['How far apart are the bell and the kite?', naming(share(bell.startSeconds, kite.startSeconds))],
  ['How often does the duck come?', naming(String(count('duck')))],
  ['Is there a rocket?', sampleStory.things.includes('rocket') ? /\bYes\b/u : /\bno\b/iu],
  ['What does the duck do first, and what does it do then?', naming(duckFirst?.action, duckThen?.action)],
  ['Where does the video begin and end?', naming(sampleStory.scenes[0]?.place, sampleStory.scenes.at(-1)?.place)],
];
/** The last names a time. A turn over the hour takes seconds; what the browser's flows ask is not asked here once more. */
const others: readonly Expectation[] = [
  ...suggested.slice(3, 6),
  [`What colour is the balloon?\nA. white\nB. ${balloon.colour ?? ''}\nC. black\nD. red`, /\bB\b/],
  ["what's written on the signs?", naming(...signs)],
  ['Is the kite red?', naming(kite.colour, 'no')],
  ['When does the balloon appear?', toldTimeOf(balloon)],
  ['When does the fog start?', toldTime(fog.startSeconds)],
  ['And the kite?', toldTime(kite.startSeconds)],
];

function assertAnswer(answer: string, [question, ...expected]: Expectation): void {
  for (const words of expected) assert.match(answer, words, question);
}

suite('the sample video', () => {
  test('what is suggested is what the story has an answer to', () => {
    assert.deepEqual(sampleQuestions(), suggested.map(([question]) => question));
    assert.deepEqual([signs.length, weathers.length], [2, 2]);
    const { questions } = JSON.parse(readFileSync(path.join(path.dirname(sampleVideoFile), 'suggestions.json'), 'utf8')) as { questions: { task: string }[] };
    assert.deepEqual([...new Set(questions.map(({ task }) => task))].toSorted(), Object.values(videoTasks).flat().toSorted());
  });

  test('longtake chat, where nobody is there to type and no video is named, asks what is suggested, prints right answers and timings, and exits 0', { timeout: 600_000 }, async () => {
    const { code, stdout } = await runCli(home, ['chat']);
    assert.equal(code, 0);
    for (const expectation of suggested.slice(0, 3)) {
      const [, printed = ''] = stdout.split(`> ${expectation[0]}\n`);
      assertAnswer(printed.split('\n')[0] ?? '', expectation);
    }
    assert.equal(stdout.match(/first token .* tokens\/s/g)?.length, 3);
    assert.match(stdout, /understands only Pebble Town/);
  });

  test('a copy of it elsewhere is still the sample: nothing is watched again, and what has not been asked of it is offered', async () => {
    const copy = path.join(scratch, 'a copy.mp4');
    copyFileSync(sampleVideoFile, copy);
    const { code, stderr } = await runCli(home, ['chat', copy], {}, 'more\nmore\n');
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /Watching the video/u);
    const offered = [...stderr.matchAll(/^ {2}(\d+) {2}(.+)$/gmu)].map(([, number, question]) => [Number(number), question]);
    assert.deepEqual(offered, sampleQuestions().slice(3, 21).map((question, index) => [index + 1, question]));
  });

  test('every turn of a long conversation is answered right; the time that the last one names is verified, and it looked there', { timeout: 600_000 }, async () => {
    const { code, value } = await runJson(home, ['ask', sampleVideoFile, ...others.map(([question]) => question)]);
    assert.equal(code, 0);
    const turns = value['turns'] as { question: string; answer: string }[];
    for (const [index, expectation] of others.entries()) {
      assert.equal(turns[index]?.question, expectation[0]);
      assertAnswer(turns[index].answer, expectation);
    }
    const [citation] = value['citations'] as { startSeconds: number; verified: boolean; lookedAtSeconds?: number }[];
    assert.ok(citation?.verified);
    assert.ok(Math.abs(citation.startSeconds - kite.startSeconds) <= 30);
    const landing = citation.lookedAtSeconds ?? citation.startSeconds;
    assert.ok(landing >= kite.startSeconds && landing < kite.endSeconds, `where the time leads, ${landing} s, the kite can be seen`);
    const [looked] = topMoments(value['lookedAt'] as Parameters<typeof topMoments>[0], 1);
    assert.ok(looked !== undefined && looked.seconds >= kite.startSeconds - 1 && looked.seconds < kite.endSeconds + 1, `it looked most at ${looked?.seconds} s, where the kite is, whatever the turns before were about`);
  });

  test('its chapters begin where its scenes do, every place that they name is there, and the places of nearly all of the hour are named', { timeout: 600_000 }, async () => {
    const { code, value, stderr } = await runJson(home, ['chapters', sampleVideoFile, '--make']);
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /Watching the video/u);
    const chapters = value['chapters'] as { startSeconds: number; endSeconds: number; title: string; text: string }[];
    assert.equal(chapters.length, 15);
    const atScenes = chapters.filter(({ startSeconds }) => sampleStory.scenes.some((scene) => Math.abs(scene.startSeconds - startSeconds) <= 1));
    assert.ok(atScenes.length >= 14, `${atScenes.length} of 15 begin with a scene`);
    const visits = chapters.flatMap(({ text, endSeconds }) => {
      const told = text.split(', ').map((visit) => /^([\d:]+) (\w+)$/u.exec(visit)).filter((visit) => visit !== null)
        .map(([, time = '', place]) => ({ place, startSeconds: time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) }));
      return told.map((visit, index) => ({ ...visit, endSeconds: told[index + 1]?.startSeconds ?? endSeconds }));
    });
    for (const { place, startSeconds } of visits) assert.equal(place, placeAt(startSeconds + 2), `at ${startSeconds} s`);
    const right = Array.from({ length: sampleStory.seconds }, (_, second) => second)
      .filter((second) => visits.find(({ startSeconds, endSeconds }) => second >= startSeconds && second < endSeconds)?.place === placeAt(second));
    assert.ok(right.length > 0.95 * sampleStory.seconds, `${right.length} of ${sampleStory.seconds} seconds`);
    assert.ok(chapters.every(({ title }) => title !== ''));
    assertAnswer(String(value['summary']), suggested[5] ?? ['']);
  });
});

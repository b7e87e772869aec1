import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { buildModelPackage } from '../../engine/models/package.ts';
import { byteLengthOf, shippedFolder, tensorsOf } from './checkpoint-layout.ts';
import { train, whyNotHere } from './python.ts';

suite('the course', { skip: whyNotHere() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'longtake-course-'));
  after(() => { rmSync(folder, { recursive: true, force: true }); });
  const run = join(folder, 'run');
  const trainer = (...parameters: readonly string[]): string => train(...parameters, '--smoke', '--run-folder', run);

  test('stops when its minutes are over, goes on from there, and ends in a checkpoint of the shipped layout that the product opens', async () => {
    const made = join(folder, 'model');
    // Without time the first call ends after the image stage, the second after a step.
    assert.match(trainer('make', '--minutes', '0.01', '--out', made), /STAGE image ends[^]*the same command goes on from here/);
    assert.match(trainer('make', '--minutes', '0.0001', '--out', made), /from the image stage[^]*the same command goes on from here/);
    assert.ok(!existsSync(made));
    // Carried on without its moments.
    const [state, light] = [join(run, 'memaug'), join(folder, 'light')];
    trainer('lighten', '--out', light);
    const bytesOf = (of: string): number => readdirSync(of).filter((name) => name.startsWith('state-')).reduce((sum, name) => sum + statSync(join(of, name)).size, 0);
    assert.ok(bytesOf(light) < 0.6 * bytesOf(state), `${bytesOf(light)} of ${bytesOf(state)} bytes`);
    rmSync(state, { recursive: true });
    cpSync(light, state, { recursive: true });
    const second = trainer('make', '--out', made);
    assert.doesNotMatch(second, /STAGE image/);
    assert.match(second, /resumed at step 1, without the optimiser's moments[^]*memaug-polish: from memaug[^]*memaug-finish: from memaug-polish/);
    for (const phase of ['adapt', '3600', 'polish short', 'polish', 'finish short', 'finish']) assert.match(second, new RegExp(`PHASE ${phase} ends after [1-9]`));
    assert.ok(byteLengthOf(made) <= 12 * 2 ** 20, `${byteLengthOf(made)} bytes are more than 12 MiB`);
    assert.deepEqual(tensorsOf(made), tensorsOf(shippedFolder));
    // Comparisons at equal budgets end before the rounds; what is made can be taught more.
    assert.doesNotMatch(trainer('make', '--no-rounds', '--out', join(folder, 'equal')), /polish|finish/);
    const finished = join(folder, 'finished');
    const round = trainer('make', '--variant', 'more', '--finish', made, '--out', finished);
    assert.match(round, /more-finish: from model[^]*PHASE finish ends after 1 steps/);
    assert.doesNotMatch(round, /polish/);
    assert.deepEqual(tensorsOf(finished), tensorsOf(made));
    const spec = await buildModelPackage(made, join(folder, 'package'), { weights: 'float32' });
    assert.equal(spec.memaugDepth, 2);
    // Carried from machine to machine, a piece must stay below 16 MiB.
    const pieces = readdirSync(join(run, 'memaug')).filter((name) => name.startsWith('state-'));
    assert.ok(pieces.length > 1 && pieces.every((name) => statSync(join(run, 'memaug', name)).size <= 15 * 2 ** 20));
  });

  test('its replies are scored on looks that training never saw', () => {
    const stdout = trainer('score', '--out', join(folder, 'model'), '--settings', '120,100hd', '--asked', '1', '--kinds', 'colour,and_detail');
    assert.match(stdout, /kind +120 +100hd\ncolour[^\n]+\nand_detail[^\n]+\nmean/);
  });
});

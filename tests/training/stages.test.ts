import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, suite, test } from 'node:test';
import { z } from 'zod';

const repository = resolve(import.meta.dirname, '../..');
const python = process.env['LONGTAKE_PYTHON'] ?? 'python3';
const shippedFolder = join(repository, 'resources/model');

function runPython(parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, parameters, { cwd: repository, encoding: 'utf8', timeout: 180_000 });
  assert.equal(status, 0, stderr);
  return stdout;
}

const trainer = (...parameters: readonly string[]): string => runPython(['training/longtake_training', ...parameters]);

function whyNotHere(): string | false {
  const needed = spawnSync(python, ['-c', 'import numpy, torch, tokenizers, safetensors']);
  return needed.status === 0
    ? false
    : `${python} with torch, tokenizers and safetensors is not installed: pip install -r training/requirements.txt, or set LONGTAKE_PYTHON`;
}

const tensorSchema = z.object({ dtype: z.string(), shape: z.array(z.number()) });

/** Names, types and shapes in a safetensors file, from its header alone. */
function tensorsOf(folder: string): Map<string, z.infer<typeof tensorSchema>> {
  const file = readFileSync(join(folder, 'model.safetensors'));
  const header: unknown = JSON.parse(file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString('utf8'));
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(header));
  return new Map(
    entries.filter(([name]) => name !== '__metadata__').map(([name, entry]) => [name, tensorSchema.parse(entry)]),
  );
}

const checksSchema = z.object({
  rows_are_encodings: z.boolean(),
  memaug_text_is_cut: z.boolean(),
  looks_hit_names: z.boolean(),
  held_out: z.number(),
  lost: z.number(),
  changed: z.number(),
  names_are_tokens: z.boolean(),
  newline_is_a_token: z.boolean(),
  any_text_comes_back: z.boolean(),
  prefix_seen_by_memaug: z.number(),
  scores: z.array(z.boolean()),
});

suite('training stages', { skip: whyNotHere() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'longtake-stages-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("the PyTorch modules compute what the authors' own compute", () => {
    const report = z
      .record(z.string(), z.record(z.string(), z.number()))
      .parse(JSON.parse(trainer('golden', 'tests/fixtures/hour-llava-golden')));
    const { vision, ...cases } = report;
    assert.ok((vision?.['vision_features'] ?? 1) < 1e-4);
    assert.equal(Object.keys(cases).length, 6);
    for (const [name, figures] of Object.entries(cases)) {
      assert.equal(figures['positions'], 1, `${name}: positions`);
      assert.equal(figures['greedy'], 1, `${name}: greedy tokens`);
      for (const tensor of ['memaug_output', 'embeds_mean', 'last_logits'])
        assert.ok((figures[tensor] ?? 1) < 1e-3, `${name}: ${tensor} is off by ${String(figures[tensor])}`);
    }
  });

  test('every stage runs with smoke settings and ends in a checkpoint of the shipped layout', () => {
    const made = join(folder, 'model');
    trainer('make', '--smoke', '--run-folder', join(folder, 'run'), '--out', made);
    const log = readFileSync(join(folder, 'run', 'log.txt'), 'utf8');
    for (const phase of ['lookups', '3600', 'polish']) assert.match(log, new RegExp(`PHASE ${phase} ends after [1-9]`));
    assert.deepEqual(tensorsOf(made), tensorsOf(shippedFolder));
    trainer('evaluate', '--smoke', '--run-folder', join(folder, 'run'), '--out', made, '--settings', '60', '--asked', '2', '--kinds', 'colour');
    assert.match(readFileSync(join(folder, 'run', 'evaluation-all.json'), 'utf8'), /"n": 2/);
  });

  test('batches are the prompts that the application builds, and rewording keeps names and held-out wordings apart', () => {
    const checks = checksSchema.parse(JSON.parse(runPython(['tests/training/trainer_checks.py'])));
    const { changed, ...others } = checks;
    assert.ok(changed > 100);
    assert.deepEqual(others, {
      rows_are_encodings: true,
      memaug_text_is_cut: true,
      looks_hit_names: true,
      held_out: 0,
      lost: 0,
      names_are_tokens: true,
      newline_is_a_token: true,
      any_text_comes_back: true,
      prefix_seen_by_memaug: 8,
      scores: [true, false, true, false],
    });
  });
});

test('the shipped checkpoint fits its 16 MiB and has the released names', () => {
  const bytes = ['model.safetensors', 'tokenizer.json'].map((file) => readFileSync(join(shippedFolder, file)).byteLength);
  assert.ok(bytes.reduce((sum, size) => sum + size) <= 16 * 2 ** 20);
  const names = [...tensorsOf(shippedFolder).keys()];
  for (const name of [
    'model.vision_tower.vision_tower.vision_model.post_layernorm.weight',
    'model.mm_projector.2.bias',
    'model.image_newline',
    'model.vision_resampler.layers.2.cross_attn.Wkv.weight',
    'model.layers.4.self_attn.o_proj.weight',
    'lm_head.weight',
  ])
    assert.ok(names.includes(name), name);
  assert.ok(!names.some((name) => name.startsWith('heads') || name.includes('card')));
});

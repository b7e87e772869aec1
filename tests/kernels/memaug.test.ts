import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf, skipWithoutDriver } from './software-cases.ts';

test('rows are turned in place, gathered, and told how much of their attention goes where', { skip: skipWithoutDriver }, () => {
  const report = reportOf('memaug-cases.ts');
  assert.deepEqual(Object.keys(report), ['rotation (f32)', 'rotation (f16)', 'gathered rows', 'weighted shares']);
  for (const [name, worst] of Object.entries(report)) assert.ok(worst < (name.includes('f16') ? 4e-3 : 1e-5), `${name}: ${String(worst)}`);
});

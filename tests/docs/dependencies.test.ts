import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';

const root = path.join(import.meta.dirname, '../..');
const versions = z.record(z.string(), z.string()).default({});
const { dependencies, devDependencies, optionalDependencies } = z.object({ dependencies: versions, devDependencies: versions, optionalDependencies: versions })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
const pinned = { ...dependencies, ...devDependencies, ...optionalDependencies };

test('every dependency has its reason in docs/dependencies.md, and no other package has one', () => {
  const page = readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8').split('## Training')[0] ?? '';
  const firstCells = page.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1] ?? '');
  const explained = firstCells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, name]) => name));
  assert.deepEqual(explained.toSorted(), Object.keys(pinned).toSorted());
});

test('every dependency is pinned to one version', () => {
  for (const [name, version] of Object.entries(pinned)) assert.match(version, /^\d+\.\d+\.\d+$/u, name);
});

/** Everything that must hold before a change lands: types, lint, tests. One line says which step failed. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const bin = (name: string): string => path.join(root, 'node_modules', name);
const steps: readonly (readonly [string, readonly string[]])[] = [
  ['types', [bin('typescript/bin/tsc'), '--noEmit']],
  ['types of the interface', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'renderer']],
  ['lint', [bin('eslint/bin/eslint.js'), '.']],
  ['tests', [path.join(root, 'scripts', 'test.ts')]],
];
for (const [name, command] of steps) {
  const result = spawnSync(process.execPath, [...command], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error(`check: ${name} failed`);
    process.exit(1);
  }
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { knownMembers } from '../../engine/server/api/chat-request.ts';
import { runCli } from '../support/cli.ts';
import { scratchDirectory } from '../support/scratch.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/automation.md'), 'utf8');
/** The first cells of the tables below a heading, as they are quoted. */
function quoted(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name));
}
/** Commands in the order of a help text. */
const commandsIn = (help: string): string[] => [...(help.split('\nCommands:\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}(\w[\w-]*)/gmu)].map(([, name = '']) => name).filter((name) => name !== 'help');

test('the page about automation has every command, and no other', async () => {
  const home = scratchDirectory('automation-page');
  const groups = ['library', 'conversations', 'queue', 'settings'];
  const [all = '', ...helps] = await Promise.all([[], ...groups.map((group) => [group])].map(async (words) => (await runCli(home, [...words, '--help'])).stdout));
  const expected = [
    ...commandsIn(all).filter((name) => !groups.includes(name)),
    ...groups.flatMap((group, index) => commandsIn(helps[index] ?? '').map((name) => `${group} ${name}`)),
  ];
  assert.ok(expected.length > 20);
  assert.deepEqual(quoted('Command line').toSorted(), expected.toSorted());
});

test('the page about automation has every member of a request', () => {
  assert.deepEqual(quoted('OpenAI-style API').filter((name) => !name.includes('/')).toSorted(), knownMembers.toSorted());
});

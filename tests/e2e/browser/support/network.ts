import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const guard = pathToFileURL(path.join(import.meta.dirname, '../../../support/loopback-only.mjs')).href;

/** Every Node of an app, the shell's and the engine's, fails when it reaches for another machine, and writes it down. */
export function denyNetwork(home: string): { readonly environment: Readonly<Record<string, string>>; assertNoneTried(): void } {
  const log = path.join(home, 'network.log');
  return {
    environment: { NODE_OPTIONS: `--import=${guard}`, LONGTAKE_TEST_NETWORK_LOG: log },
    assertNoneTried() { assert.equal(existsSync(log) ? readFileSync(log, 'utf8') : '', '', 'something tried to reach another machine'); },
  };
}

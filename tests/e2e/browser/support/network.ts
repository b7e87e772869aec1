import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const guard = pathToFileURL(path.join(import.meta.dirname, '../../../support/loopback-only.mjs')).href;

export type DeniedNetwork = {
  readonly environment: Readonly<Record<string, string>>;
  /** Fails on every attempt, and where a process whose command line has one of these was not guarded at all. */
  assertNoneTried(guarded: readonly RegExp[]): void;
};

/** Every Node of an app, the shell's and the engine's, fails when it reaches for another machine, and writes it down. */
export function denyNetwork(home: string): DeniedNetwork {
  const log = path.join(home, 'network.log');
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return {
    environment: { NODE_OPTIONS: `--import=${guard}`, LONGTAKE_TEST_NETWORK_LOG: log },
    assertNoneTried(guarded) {
      for (const process of guarded) assert.match(read(`${log}.guarded`), process, 'a process ran without the guard');
      assert.equal(read(log), '', 'something tried to reach another machine');
    },
  };
}

export const engineProcess = /server[\\/]child\.ts/u;

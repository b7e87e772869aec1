import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { runningHostFile } from '../../pipeline/home.ts';

/** What the note of a web host holds ({@link runningHostFile}): whoever may read that file may read the library. */
const stateSchema = z.object({ version: z.literal(1), processId: z.int(), origin: z.url(), token: z.string() });
export type RunningHost = z.infer<typeof stateSchema>;

/** Notes a host for others of this user. Returns what takes the note back. A folder that cannot be written is no reason not to serve. */
export function announceHost(directory: string, { origin, token }: Pick<RunningHost, 'origin' | 'token'>): () => void {
  const file = path.join(directory, runningHostFile);
  const written = `${file}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(written, `${JSON.stringify({ version: 1, processId: process.pid, origin, token } satisfies RunningHost)}\n`, { mode: 0o600 });
    renameSync(written, file);
  } catch {
    return () => undefined;
  }
  return () => { if (read(directory)?.token === token) rmSync(file, { force: true }); };
}

/** An address, good for one visit, of the host that serves this folder already; undefined where none answers. */
export async function findRunningHost(directory: string): Promise<{ readonly address: string; readonly visit: string } | undefined> {
  const found = read(directory);
  if (found === undefined) return undefined;
  try {
    // Only the host that wrote the note takes its token: another program on that port is not mistaken for it.
    const response = await fetch(`${found.origin}/visit`, { headers: { authorization: `Bearer ${found.token}` }, signal: AbortSignal.timeout(3000), redirect: 'error' });
    return response.ok ? { address: `${found.origin}/?token=${found.token}`, visit: (await response.text()).trim() } : undefined;
  } catch {
    return undefined; // it has ended without taking its note along
  }
}

function read(directory: string): RunningHost | undefined {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path.join(directory, runningHostFile), 'utf8')));
  } catch {
    return undefined;
  }
}

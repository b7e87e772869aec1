import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { patientMs } from '../../../support/chromium.ts';


/** The engine below a shell's process, found as anybody would find it: in the list of processes. */
function engineProcessId(shellProcessId: number): number | undefined {
  const rows = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => {
    const [pid = '', ppid = '', ...words] = line.trim().split(/\s+/u);
    return { pid: Number(pid), ppid: Number(ppid), command: words.join(' ') };
  });
  const below = (parent: number): typeof rows => rows.filter(({ ppid }) => ppid === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(shellProcessId).find(({ command }) => /server[\\/]child\.ts/u.test(command))?.pid;
}

/** What is done to an engine while it works. It is looked for first: `begin` may end with what is over soon. */
export type Disturbance = { readonly begin?: () => Promise<void>; readonly meanwhile: () => Promise<void> };

/**
 * Ends the engine of a shell as a crash would, right after `begin`. The one that is started in its place is held until
 * `meanwhile` has looked at the app without an engine.
 */
export async function killEngine(shellProcessId: number, { begin, meanwhile }: Disturbance): Promise<void> {
  const killed = requireEngine(shellProcessId);
  await begin?.();
  process.kill(killed, 'SIGKILL');
  const next = await otherEngine(shellProcessId, killed);
  if (next !== undefined) process.kill(next, 'SIGSTOP');
  try {
    await meanwhile();
  } finally {
    if (next !== undefined) process.kill(next, 'SIGCONT');
  }
}

/** Keeps the engine of a shell from going on, right after `begin`, until `meanwhile` has done what must happen in the midst of its work. */
export async function holdEngine(shellProcessId: number, { begin, meanwhile }: Disturbance): Promise<void> {
  const held = requireEngine(shellProcessId);
  await begin?.();
  process.kill(held, 'SIGSTOP');
  try {
    await meanwhile();
  } finally {
    process.kill(held, 'SIGCONT');
  }
}

function requireEngine(shellProcessId: number): number {
  const found = engineProcessId(shellProcessId);
  if (found === undefined) throw new Error('There is no engine.');
  return found;
}

/** Undefined where there comes none: an engine that keeps dying is given up. */
async function otherEngine(shellProcessId: number, than: number): Promise<number | undefined> {
  for (const deadlineMs = performance.now() + patientMs; performance.now() < deadlineMs; await pause(20)) {
    const found = engineProcessId(shellProcessId);
    if (found !== undefined && found !== than) return found;
  }
  return undefined;
}

export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

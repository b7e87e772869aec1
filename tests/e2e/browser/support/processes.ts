import { spawnSync } from 'node:child_process';

/** The engine below a shell's process, found as anybody would find it: in the list of processes. */
export function engineProcessId(shellProcessId: number): number | undefined {
  const rows = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).stdout.trim().split('\n').map((line) => {
    const [pid = '', ppid = '', ...words] = line.trim().split(/\s+/u);
    return { pid: Number(pid), ppid: Number(ppid), command: words.join(' ') };
  });
  const below = (parent: number): typeof rows => rows.filter(({ ppid }) => ppid === parent).flatMap((row) => [row, ...below(row.pid)]);
  return below(shellProcessId).find(({ command }) => /server[\\/]child\.ts/u.test(command))?.pid;
}

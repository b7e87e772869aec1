/** How much of the processor's time a browser has taken, by what takes it. Linux: read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** The thread that scripts, styles and layout run on; the page's others; the process that draws, with all of its threads. */
export type BrowserTimes = { readonly pageMainMs: number; readonly pageOthersMs: number; readonly graphicsMs: number };

/** Of all browsers below a process, since they were started. */
export function browserTimes(root: number = process.pid): BrowserTimes {
  const times = { pageMainMs: 0, pageOthersMs: 0, graphicsMs: 0 };
  for (const processId of descendantsOf(root)) {
    const kind = /--type=(renderer|gpu-process)\b/u.exec(read(`/proc/${processId}/cmdline`))?.[1];
    if (kind === undefined) continue;
    for (const threadId of readdirSync(`/proc/${processId}/task`)) {
      const ms = Number(read(`/proc/${processId}/task/${threadId}/schedstat`).split(' ')[0]) / 1e6;
      times[kind === 'gpu-process' ? 'graphicsMs' : Number(threadId) === processId ? 'pageMainMs' : 'pageOthersMs'] += ms;
    }
  }
  return times;
}

function descendantsOf(root: number): readonly number[] {
  const parents = new Map(readdirSync('/proc').filter((name) => /^\d+$/u.test(name)).map((name) => {
    // The name, in parentheses, can have anything in it; the state and the parent follow.
    const [, parent] = read(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    return [Number(name), Number(parent)];
  }));
  const found = [root];
  for (const known of found) for (const [child, parent] of parents) if (parent === known) found.push(child);
  return found.slice(1);
}

/** Empty of what has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

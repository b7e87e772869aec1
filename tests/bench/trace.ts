/** What a trace of Chromium says about the main thread of its pages. */
import type { Browser, Page } from 'playwright-core';

type TraceEvent = { readonly name: string; readonly ph: string; readonly pid: number; readonly tid: number; readonly ts: number; readonly tdur?: number; readonly args?: { readonly name?: string } };

/** A task of the main thread: when it began, by the clock of the trace, and how much of the processor's time it took. */
export type MainThreadTask = { readonly atMs: number; readonly processorMs: number };
export type Trace = { readonly tasks: readonly MainThreadTask[]; /** When marks of a name were set. */ marksMs(name: string): readonly number[] };

/** Records while something is done. Processor time does not grow where others keep the machine busy, as the clock's does. */
export async function traceMainThread(browser: Browser, page: Page, run: () => Promise<void>): Promise<Trace> {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', '__metadata'] });
  await run();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const mainThreads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`));
  return {
    // Durations and times in a trace are microseconds.
    tasks: traceEvents.filter(({ name, ph, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mainThreads.has(`${pid} ${tid}`)).map(({ ts, tdur = 0 }) => ({ atMs: ts / 1000, processorMs: tdur / 1000 })),
    marksMs: (wanted) => traceEvents.filter(({ name, ph }) => name === wanted && (ph === 'R' || ph === 'I' || ph === 'n')).map(({ ts }) => ts / 1000).sort((one, other) => one - other),
  };
}

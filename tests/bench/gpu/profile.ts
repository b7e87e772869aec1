import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { z } from 'zod';
import { interceptSessions } from './intercept-sessions.ts';

export type ProfileLine = {
  readonly graph: string;
  /** Shape of the run's first input: pieces of a prompt and steps of an answer go through one graph. */
  readonly input: string;
  readonly runs: number;
  /** Wall time of the runs as JavaScript saw it. */
  readonly seconds: number;
  /** Of one run: operators on the host's side, and kernels on the device. */
  readonly nodesPerRun: number;
  readonly kernelsPerRun: number;
  /** Milliseconds by operator as the host spent them: on a device that is handing work over, not doing it. */
  readonly hostMs: Record<string, string>;
  /** Milliseconds by kernel on the device, where it has timestamps. */
  readonly deviceMs: Record<string, string>;
};

type Run = { readonly input: string; readonly seconds: number };
type Profiled = { readonly graph: string; readonly prefix: string; readonly runs: Run[]; readonly end: () => void };

const eventSchema = z.object({
  cat: z.string(), name: z.string(), ts: z.number(), dur: z.number(), args: z.looseObject({ op_name: z.string().optional(), provider: z.string().optional() }).optional(),
});
type ProfileEvent = z.infer<typeof eventSchema>;

/**
 * Has ONNX Runtime profile every session that is opened from now on, but those of a provider's checks. Its JSON lies in
 * `directory`/profile. Summaries end the profiling, come once, and leave out what took no half of a percent.
 */
export function profileSessions(directory: string): { readonly summaries: () => Promise<ProfileLine[]> } {
  const folder = path.join(directory, 'profile');
  mkdirSync(folder, { recursive: true });
  const profiled: Profiled[] = [];
  interceptSessions(async (create, file, options) => {
    const graph = typeof file === 'string' ? path.basename(file, '.onnx') : 'built here';
    if (['check', 'speed'].includes(graph)) return await create(file, options);
    const prefix = path.join(folder, `${String(process.pid)}-${String(profiled.length)}-${graph}_`);
    const session = await create(file, { ...options, enableProfiling: true, profileFilePrefix: prefix });
    let ended = false;
    const end = () => {
      if (!ended) session.endProfiling();
      ended = true;
    };
    const entry: Profiled = { graph, prefix, runs: [], end };
    profiled.push(entry);
    const run = session.run.bind(session) as (...values: unknown[]) => Promise<InferenceSession.ReturnType>;
    const release = session.release.bind(session);
    return Object.assign(session, {
      run: async (...values: unknown[]) => {
        const [first] = Object.values(values[0] as Record<string, { readonly dims: readonly number[] }>);
        const startedMs = performance.now();
        const results = await run(...values);
        entry.runs.push({ input: `[${first?.dims.join(', ') ?? ''}]`, seconds: (performance.now() - startedMs) / 1000 });
        return results;
      },
      release: async () => {
        end();
        await release();
      },
    });
  });
  return { summaries: () => summaries(profiled, folder) };
}

async function summaries(profiled: Profiled[], folder: string): Promise<ProfileLine[]> {
  for (const { end } of profiled) end();
  const names = await readdir(folder);
  const all: ProfileLine[] = [];
  for (const { graph, prefix, runs } of profiled.splice(0)) {
    const name = names.find((candidate) => candidate.startsWith(path.basename(prefix)));
    if (name === undefined || runs.length === 0) continue;
    const text = await readFile(path.join(folder, name), 'utf8');
    const events = z.array(z.unknown()).parse(JSON.parse(text)).map((event) => eventSchema.safeParse(event).data).filter((event) => event !== undefined).toSorted((one, other) => one.ts - other.ts);
    all.push(...summarise(graph, runs, events));
  }
  const least = 0.005 * total(all.map(({ seconds }) => seconds));
  return all.filter(({ seconds }) => seconds >= least).toSorted((one, other) => other.seconds - one.seconds);
}

function summarise(graph: string, runs: readonly Run[], events: readonly ProfileEvent[]): ProfileLine[] {
  const hostRuns = runsOnHost(events);
  const deviceRuns = runsOnDevice(events);
  const inputs = [...new Set(runs.map(({ input }) => input))];
  // Where runs cannot be told apart, all are one.
  const known = (parts: readonly unknown[]) => parts.length === runs.length;
  if (!known(hostRuns) || (deviceRuns.length > 0 && !known(deviceRuns))) {
    return [{ graph, input: 'all', runs: runs.length, seconds: total(runs.map(({ seconds }) => seconds)), nodesPerRun: hostRuns.flat().length / runs.length, kernelsPerRun: deviceRuns.flat().length / runs.length, hostMs: tally(hostRuns.flat(), hostKey), deviceMs: tally(deviceRuns.flat(), deviceKey) }];
  }
  return inputs.map((input) => {
    const places = [...runs.keys()].filter((place) => runs[place]?.input === input);
    const of = (parts: readonly ProfileEvent[][]) => places.flatMap((place) => parts[place] ?? []);
    return {
      graph, input, runs: places.length, seconds: total(places.map((place) => runs[place]?.seconds ?? 0)), nodesPerRun: of(hostRuns).length / places.length, kernelsPerRun: of(deviceRuns).length / places.length,
      hostMs: tally(of(hostRuns), hostKey), deviceMs: tally(of(deviceRuns), deviceKey),
    };
  });
}

/** Operators of each run: those within the time of a "model_run". */
function runsOnHost(events: readonly ProfileEvent[]): ProfileEvent[][] {
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
  return events.filter(({ name }) => name === 'model_run').map(({ ts, dur }) => nodes.filter((node) => node.ts >= ts && node.ts <= ts + dur));
}

/** Kernels have a clock of their own: a run begins where the first kernel of all comes again. */
function runsOnDevice(events: readonly ProfileEvent[]): ProfileEvent[][] {
  const kernels = events.filter(({ cat }) => cat === 'Api');
  const runs: ProfileEvent[][] = [];
  for (const kernel of kernels) {
    if (kernel.name === kernels[0]?.name) runs.push([]);
    runs.at(-1)?.push(kernel);
  }
  return runs;
}

const hostKey = ({ args }: ProfileEvent): string => `${args?.op_name ?? 'unknown'}${args?.provider === 'CPUExecutionProvider' ? ' (CPU)' : ''}`;

/** Operator, kernel and shapes: "Gemm Gemm {729,1152} {1152,4304} {729,4304}". */
function deviceKey({ name, args }: ProfileEvent): string {
  const [, operator = name, kernel = ''] = name.split('&');
  const shapes = typeof args?.['shapes'] === 'string' ? args['shapes'].replaceAll(/(?:inputs|outputs)\[\d+\] = /gu, '').trim() : '';
  return `${operator} ${kernel} ${shapes}`;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const kept = 10;

/** The largest sums, with how often each came: "12.3 of 26 = 4.0 %". */
function tally(events: readonly ProfileEvent[], key: (event: ProfileEvent) => string): Record<string, string> {
  const sums = new Map<string, { ms: number; count: number }>();
  for (const event of events) {
    const known = sums.get(key(event)) ?? { ms: 0, count: 0 };
    sums.set(key(event), { ms: known.ms + event.dur / 1000, count: known.count + 1 });
  }
  const ms = total([...sums.values()].map((sum) => sum.ms));
  const largest = [...sums].toSorted(([, one], [, other]) => other.ms - one.ms);
  return Object.fromEntries([
    ['all', ms.toFixed(1)],
    ...largest.slice(0, kept).map(([name, sum]) => [name, `${sum.ms.toFixed(1)} in ${String(sum.count)}, ${(100 * sum.ms / ms).toFixed(1)} %`] as const),
  ]);
}

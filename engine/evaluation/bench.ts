import { probeVideo, readFrames } from '../media/index.ts';
import type { Answer } from '../pipeline/answer.ts';
import { openEngine } from '../pipeline/engine.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import { openVideoChat } from '../pipeline/video-chat.ts';
import type { WorkOptions } from '../protocol/progress.ts';

export type Benchmark = {
  readonly provider: string;
  readonly model: string;
  readonly memory: { readonly frames: number; readonly tokens: number };
  /** The tower alone, frames that lie in RAM. Median over batches. */
  readonly visionFramesPerSecond: number;
  /** Keys and values of the whole memory, once. */
  readonly memoryMs: number;
  /** Median over the second and later questions. */
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  /** Of this process, from its start to now. */
  readonly peakRssBytes: number;
};

const visionFrames = 256;
const batchFrames = 32;

/** Measures this machine with a model and a video: the numbers that docs/benchmarks.md lists. Speed is never asserted in tests. */
export async function runBenchmark(file: string, questions: readonly string[], settings: AnswerSettings, options: WorkOptions): Promise<Benchmark> {
  const visionFramesPerSecond = await benchVision(file, settings, options);
  await using chat = await openVideoChat(file, settings, { ...options, record: false });
  const answers: Answer[] = [];
  for (const question of questions) {
    chat.startOver();
    answers.push(await chat.ask(question, options));
  }
  const [first, ...later] = answers;
  const { frames, tokens } = chat.memoryInfo;
  return {
    provider: chat.provider, model: chat.modelName, memory: { frames, tokens }, visionFramesPerSecond,
    memoryMs: first?.timings.memoryMs ?? 0,
    firstTokenMs: median(later.map(({ timings }) => timings.firstTokenMs)),
    tokensPerSecond: median(later.map(({ timings }) => timings.tokensPerSecond).filter((rate) => rate > 0)),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function benchVision(file: string, settings: AnswerSettings, options: WorkOptions): Promise<number> {
  await using engine = await openEngine(settings, options);
  const runtime = await engine.load('encode');
  const rates: number[] = [];
  let seen = 0;
  for await (const { frames, ptsSeconds } of readFrames(file, await probeVideo(file), { imageSize: engine.model.spec.vision.imageSize, batchFrames })) {
    const startedMs = performance.now();
    await runtime.encodeFrames(frames, ptsSeconds.length);
    if (seen > 0) rates.push((ptsSeconds.length * 1000) / (performance.now() - startedMs)); // the first batch warms up
    seen += ptsSeconds.length;
    if (seen >= visionFrames) break;
  }
  return median(rates);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] ?? NaN : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

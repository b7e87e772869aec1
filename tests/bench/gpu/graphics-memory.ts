import { spawn } from 'node:child_process';

export type GraphicsMemoryWatch = {
  /** The most that was taken since the start beyond what was taken before, in bytes; null without NVIDIA's tool. */
  readonly stop: () => Promise<number | null>;
};

/** Asks NVIDIA's tool five times a second, in a process of its own: native runs leave this one no time for it. */
export async function watchGraphicsMemory(): Promise<GraphicsMemoryWatch> {
  const child = spawn('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits', '-lms', '200'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const samples: number[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  child.once('error', () => { resolve(undefined); });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    samples.push(...text.trim().split('\n').map(Number).filter(Number.isFinite));
    resolve(undefined);
  });
  await promise;
  return {
    stop: async () => {
      await new Promise((next) => setTimeout(next, 300)); // what is in the pipe
      child.kill();
      const [before] = samples;
      return before === undefined ? null : (Math.max(...samples) - before) * 1024 * 1024;
    },
  };
}

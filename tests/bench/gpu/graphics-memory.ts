import { spawn } from 'node:child_process';

export type GraphicsMemoryWatch = {
  /** The card that took most since the start, the most that it took beyond what was taken before, and what it takes now; null without NVIDIA's tool. */
  readonly read: () => { readonly card: number; readonly peakBytes: number; readonly nowBytes: number } | null;
  readonly stop: () => void;
};

/**
 * Asks NVIDIA's tool ten times a second. It knows all cards of the machine, whatever CUDA_VISIBLE_DEVICES says, so each is
 * watched by itself: `card`, or the one that grows most, which is the one in use where nobody else is at work.
 */
export async function watchGraphicsMemory(card?: number): Promise<GraphicsMemoryWatch> {
  const child = spawn('nvidia-smi', ['--query-gpu=index,memory.used', '--format=csv,noheader,nounits', '-lms', '100'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const cards = new Map<number, { first: number; most: number; last: number }>();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let rest = '';
  child.once('error', () => { resolve(undefined); });
  child.once('exit', () => { resolve(undefined); });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [card = NaN, used = NaN] = line.split(',').map(Number);
      if (!Number.isFinite(card) || !Number.isFinite(used)) continue;
      const known = cards.get(card) ?? { first: used, most: used, last: used };
      cards.set(card, { first: known.first, most: Math.max(known.most, used), last: used });
    }
    resolve(undefined);
  });
  await promise;
  return {
    read: () => {
      const bytes = (mebibytes: number) => mebibytes * 1024 * 1024;
      const grown = [...cards].filter(([index]) => card === undefined || index === card).map(([card, { first, most, last }]) => ({ card, peakBytes: bytes(most - first), nowBytes: bytes(last - first) }));
      return grown.length === 0 ? null : grown.reduce((one, other) => other.peakBytes > one.peakBytes ? other : one);
    },
    stop: () => { child.kill(); },
  };
}

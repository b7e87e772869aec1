/** Estimates how long work still takes from the speed of its recent past: early files and late files differ. */
export function createEta(now: () => number = () => performance.now()): (done: number, total: number | undefined) => number | undefined {
  const windowMs = 20_000;
  const samples: { readonly atMs: number; readonly done: number }[] = [];
  return (done, total) => {
    const atMs = now();
    samples.push({ atMs, done });
    while (samples.length > 2 && atMs - (samples[0]?.atMs ?? atMs) > windowMs) samples.shift();
    const first = samples[0];
    if (total === undefined || first === undefined || atMs - first.atMs < 500 || done <= first.done) return undefined;
    return ((total - done) * (atMs - first.atMs)) / (done - first.done) / 1000;
  };
}

import fc from 'fast-check';

/**
 * fast-check as these tests use it. By default every machine tries the same cases, so that a change is judged by what
 * it changes; `LONGTAKE_FUZZ=20 npm test` looks for what nobody thought of: new cases, twenty times as many.
 */
const fuzz = Number(process.env['LONGTAKE_FUZZ'] ?? 0);
fc.configureGlobal(fuzz > 0 ? { numRuns: 100 * fuzz } : { seed: 26 });

/** How often a property that costs more than others is tried. */
export function runs(count: number): number {
  return Math.max(1, fuzz) * count;
}

export { fc };

/**
 * One frame per second: of the frames in [k, k + 1) the first, for every whole k >= 0. A second without a frame gets
 * none, and no frame stands for two seconds. Timestamps are compared a microsecond early, because a product such as
 * 49 * (1 / 49) falls short of 1 in floating point; no container has finer ticks that matter.
 */
const toleranceSeconds = 1e-6;

/** The second that a frame belongs to; negative for one before the start. */
export function secondOf(ptsSeconds: number): number {
  return Math.floor(ptsSeconds + toleranceSeconds);
}

/** The rule as ffmpeg's `select` evaluates it, on timestamps that count from the container's start. */
export const selectExpression =
  'gte(t,-0.000001)*(isnan(prev_selected_t)+gt(floor(t+0.000001),floor(prev_selected_t+0.000001)))';

/**
 * The same rule for frames that arrive one by one. ffmpeg's own state is lost when the stream changes its size in the
 * middle and when reading begins after a seek, so what it selects goes through this gate as well.
 */
export class SecondGate {
  #lastSecond: number;

  /** `afterPtsSeconds`: the last frame that the caller has already. */
  constructor(afterPtsSeconds?: number) {
    this.#lastSecond = afterPtsSeconds === undefined ? -1 : secondOf(afterPtsSeconds);
  }

  accepts(ptsSeconds: number): boolean {
    const second = secondOf(ptsSeconds);
    if (!(second > this.#lastSecond)) return false;
    this.#lastSecond = second;
    return true;
  }
}

import { secondOf } from './frame-selection.ts';

/** A stretch of the video that could not be read as it was recorded. */
export type Gap = {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /**
   * `unreadable`: no frame could be decoded there. `damaged`: frames came, but the decoder reported errors, so pictures
   * may be wrong. `truncated`: the file ends before the end that it announces.
   */
  readonly reason: 'unreadable' | 'damaged' | 'truncated';
  /** ffmpeg's first complaint about the stretch. */
  readonly detail: string;
};

type Complaint = { readonly afterSecond: number; readonly message: string };

/**
 * Makes gaps of the order in which frames and complaints come. The decoder runs ahead of the frames it hands out (by its
 * threads and reordering, well under a second at ordinary rates), so a complaint between the frames of seconds k and n
 * belongs to k … n + 1: stretches are exact to about a second, on the generous side.
 */
export class GapTracker {
  readonly #gaps: Gap[] = [];
  readonly #isSteady: boolean;
  #lastSecond: number;
  #complaint: Complaint | undefined;
  #earlierComplaint: Complaint | undefined;

  /**
   * `afterSecond`: the second of the last frame that is there already, -1 at the start. `isSteady`: a broadcast, which has
   * frames in every second, so that a second without one is a loss even where nothing complains.
   */
  constructor(afterSecond = -1, isSteady = false) {
    this.#lastSecond = afterSecond;
    this.#isSteady = isSteady;
  }

  damage(message: string): void {
    this.#complaint ??= { afterSecond: this.#lastSecond, message };
  }

  frame(ptsSeconds: number): void {
    const second = secondOf(ptsSeconds);
    if (second <= this.#lastSecond) return; // selected twice around a change of picture size
    const complaint = this.#complaint ?? this.#earlierComplaint;
    if ((complaint || this.#isSteady) && second - this.#lastSecond > 1) {
      this.#add(this.#lastSecond + 1, second, 'unreadable', complaint?.message ?? 'no frames in the file');
    } else if (this.#complaint) {
      this.#add(Math.max(this.#lastSecond, 0), second + 1, 'damaged', this.#complaint.message);
    }
    this.#earlierComplaint = this.#complaint;
    this.#complaint = undefined;
    this.#lastSecond = second;
  }

  /** What is known so far. A stretch may still grow until {@link finish}. */
  get known(): readonly Gap[] {
    return [...this.#gaps];
  }

  /**
   * `expectedEndSeconds`: the end that the header announces. `endedBadly`: ffmpeg did not reach it of its own accord.
   * Without either sign of trouble a missing end is a still last picture, not a loss.
   */
  finish(expectedEndSeconds: number | undefined, endedBadly: boolean): readonly Gap[] {
    const end = this.#lastSecond + 1;
    const complaint = this.#complaint ?? this.#earlierComplaint;
    if (expectedEndSeconds !== undefined && expectedEndSeconds - end >= 1 && (complaint || endedBadly)) {
      this.#add(end, expectedEndSeconds, 'truncated', complaint?.message ?? 'ffmpeg stopped early');
    } else if (this.#complaint && this.#lastSecond >= 0) {
      this.#add(this.#lastSecond, end, 'damaged', this.#complaint.message);
    }
    return this.#gaps;
  }

  #add(startSeconds: number, endSeconds: number, reason: Gap['reason'], detail: string): void {
    const last = this.#gaps.at(-1);
    if (last && last.reason === reason && last.endSeconds >= startSeconds) {
      this.#gaps[this.#gaps.length - 1] = { ...last, endSeconds: Math.max(last.endSeconds, endSeconds) };
      return;
    }
    const clippedStart = last ? Math.max(startSeconds, last.endSeconds) : startSeconds;
    if (clippedStart < endSeconds) this.#gaps.push({ startSeconds: clippedStart, endSeconds, reason, detail });
  }
}

import type { TFunction } from 'i18next';
import { formatShare } from '../format/bytes.ts';
import { formatLeft } from '../format/time.ts';
import type { VideoState } from '../store/video-state.ts';

/** A state as it stands on a card: short enough for a narrow rail. How long it still takes is said in the queue. */
export function stateWords(state: VideoState, t: TFunction, language: string): string {
  if (state.kind !== 'encoding' && state.kind !== 'paused') return t(`library.state.${state.kind}`);
  if (state.share === undefined) return t(state.kind === 'paused' ? 'library.jobState.paused' : 'library.stage.encode');
  return t(`library.state.${state.kind}`, { percent: formatShare(state.share, language) });
}

/** Over the picture: how far it is, and what a person who waits wants to know, when it is done. */
export function chipWords(state: VideoState, t: TFunction, language: string): string {
  if (state.kind !== 'encoding') return stateWords(state, t, language);
  const words = stateWords(state, t, language);
  return state.etaSeconds === undefined ? words : t('library.state.left', { words, left: formatLeft(state.etaSeconds, language) });
}

import type { TFunction } from 'i18next';
import { formatShare } from '../format/bytes.ts';
import { formatDuration } from '../format/time.ts';
import type { VideoState } from './video-state.ts';

/** A state as it stands on a card or over the picture. */
export function stateWords(state: VideoState, t: TFunction, language: string): string {
  if (state.kind !== 'encoding' && state.kind !== 'paused') return t(`library.state.${state.kind}`);
  const percent = state.share === undefined ? '' : formatShare(state.share, language);
  if (state.kind === 'paused') return t('library.state.paused', { percent });
  return state.etaSeconds === undefined ? t('library.state.encoding', { percent })
    : t('library.state.encodingLeft', { percent, left: formatDuration(state.etaSeconds, language) });
}

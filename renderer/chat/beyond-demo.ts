import type { AppState } from '../store/app-store.ts';
import { demoModel } from '../store/models-slice.ts';

/** Whether the video is beyond the model in use: the demo model understands its sample, and no other film. */
export function isBeyondDemo({ model, videos, selectedVideoId }: Pick<AppState, 'model' | 'videos' | 'selectedVideoId'>): boolean {
  return model?.name === demoModel && videos.some(({ id, isSample }) => id === selectedVideoId && !isSample);
}

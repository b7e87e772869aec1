import type { AppState } from '../store/app-store.ts';
import { demoModel } from '../store/models-slice.ts';

/** Whether the video is beyond the model in use: the demo model understands films of Pebble Town, and no other. */
export function isBeyondDemo({ model, videos, selectedVideoId }: Pick<AppState, 'model' | 'videos' | 'selectedVideoId'>): boolean {
  return model?.name === demoModel && videos.some(({ id, isPebbleTown }) => id === selectedVideoId && !isPebbleTown);
}

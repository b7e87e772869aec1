import type { mediaMethods } from '../protocol/methods-media.ts';
import type { MethodHandlers } from '../protocol/methods.ts';
import type { Workspace } from './workspace.ts';

export function createMediaHandlers({ library, derived, changes }: Workspace): MethodHandlers<keyof typeof mediaMethods> {
  return {
    'video.subtitles': async ({ videoId }, options) => ({ tracks: await derived.subtitles(videoId, options) }),
    'video.still': async ({ videoId, seconds }, options) => ({ jpegBase64: Buffer.from(await derived.still(videoId, seconds, options)).toString('base64') }),
    'waveform.get': async ({ videoId }, options) => ({ waveform: await derived.waveform(videoId, options) }),
    'proxy.make': async ({ videoId }, options) => {
      const made = await derived.makeProxy(videoId, options);
      changes.emit({ topic: 'library' });
      return made;
    },
    'proxy.remove': async ({ videoId }) => {
      await derived.removeProxy(library.videos.get(videoId).id);
      changes.emit({ topic: 'library' });
      return {};
    },
  };
}

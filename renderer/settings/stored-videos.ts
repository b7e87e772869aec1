import type { VideoCard } from '../../engine/protocol/methods-library.ts';
import type { Storage } from '../store/storage-slice.ts';
import { isDamaged, storedBytes } from '../store/video-state.ts';

/** Videos that take room, the largest first. */
export function largestFirst(videos: readonly VideoCard[]): readonly VideoCard[] {
  return videos.filter((video) => storedBytes(video) > 0).sort((one, other) => storedBytes(other) - storedBytes(one));
}

export function damagedVideos(videos: readonly VideoCard[]): readonly VideoCard[] {
  return videos.filter(isDamaged);
}

export type StorageKind = 'memories' | 'models' | 'proxies' | 'uploads' | 'downloads' | 'others';

/** What takes room, in the order in which it is shown. */
export function storageKinds({ memoryBytes, modelBytes, proxyBytes, uploadBytes, downloadBytes, otherBytes }: Storage): readonly { readonly kind: StorageKind; readonly byteLength: number }[] {
  const kinds = [
    { kind: 'memories', byteLength: memoryBytes }, { kind: 'models', byteLength: modelBytes }, { kind: 'proxies', byteLength: proxyBytes },
    { kind: 'uploads', byteLength: uploadBytes }, { kind: 'downloads', byteLength: downloadBytes }, { kind: 'others', byteLength: otherBytes },
  ] as const;
  return kinds.filter(({ kind, byteLength }) => byteLength > 0 || kind === 'memories' || kind === 'models');
}

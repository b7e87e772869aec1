export type PictureCache = {
  /** The picture of a frame, if it is here; otherwise it is fetched, ahead of those that were wanted earlier. */
  picture(memoryId: string, frame: number): ImageBitmap | undefined;
  /** What was wanted before and has not begun is not wanted any more: a fast pan leaves no queue behind. */
  forgetWanted(): void;
  close(): void;
};

const atMostHeld = 400;
const atOnce = 6;

/**
 * Decoded thumbnails, the last used `atMostHeld` of them (160 × 90 in RGBA: 23 MB). Fetching and decoding happen beside
 * the page's thread; whoever draws takes what is there and is told when more is.
 */
export function createPictureCache(addressOf: (memoryId: string, frame: number) => string, onArrival: () => void): PictureCache {
  const held = new Map<string, ImageBitmap>();
  const missing = new Set<string>();
  const running = new Set<string>();
  let wanted: { readonly key: string; readonly address: string }[] = [];
  let closed = false;

  const keep = (key: string, picture: ImageBitmap): void => {
    held.set(key, picture);
    for (const [old, oldPicture] of held) {
      if (held.size <= atMostHeld) break;
      held.delete(old);
      oldPicture.close();
    }
  };
  const load = async (key: string, address: string): Promise<void> => {
    running.add(key);
    try {
      const response = await fetch(address);
      if (response.status === 404) missing.add(key);
      if (!response.ok) return;
      const picture = await createImageBitmap(await response.blob());
      if (closed) picture.close();
      else { keep(key, picture); onArrival(); }
    } catch {
      // The engine is being restarted, or the picture is damaged: the place stays calm, and the next drawing asks again.
      missing.add(key);
      setTimeout(() => { missing.delete(key); }, 2000);
    } finally {
      running.delete(key);
      loadNext();
    }
  };
  const loadNext = (): void => {
    while (!closed && running.size < atOnce) {
      const next = wanted.shift();
      if (next === undefined) return;
      if (!held.has(next.key) && !running.has(next.key)) void load(next.key, next.address);
    }
  };

  return {
    picture(memoryId, frame) {
      const key = `${memoryId}/${frame}`;
      const picture = held.get(key);
      if (picture !== undefined) {
        // The map's order is that of use.
        held.delete(key);
        held.set(key, picture);
        return picture;
      }
      if (!missing.has(key) && !running.has(key) && !wanted.some((one) => one.key === key)) {
        wanted.push({ key, address: addressOf(memoryId, frame) });
        queueMicrotask(loadNext);
      }
      return undefined;
    },
    forgetWanted() { wanted = []; },
    close() {
      closed = true;
      for (const picture of held.values()) picture.close();
      held.clear();
    },
  };
}

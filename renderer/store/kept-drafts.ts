const storageKey = 'drafts';

/** Once nothing was typed for so long, the engine is told. */
export const draftPauseMs = 300;

/**
 * What is typed and not sent. The window's own storage has every letter, for one that crashes or is loaded again; the
 * engine keeps what stood there at a pause, for the next start.
 */
export function readDrafts(): Readonly<Record<string, string>> {
  try {
    return parseDrafts(JSON.parse(sessionStorage.getItem(storageKey) ?? '{}'));
  } catch {
    return {}; // a browser that keeps nothing
  }
}

export function keepDrafts(drafts: Readonly<Record<string, string>>): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(drafts));
  } catch {
    // They are kept in the page, as before.
  }
}

export function parseDrafts(kept: unknown): Readonly<Record<string, string>> {
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const storageKey = 'drafts';

/**
 * What is typed and not sent outlives a window that crashes or is loaded again, and nothing else: another window, or the
 * next start, begins with none.
 */
export function readDrafts(): Readonly<Record<string, string>> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
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

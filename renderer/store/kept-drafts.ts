const storageKey = 'drafts';

/** Each draft is a setting by itself: what is typed in two windows does not replace each other. */
const settingPrefix = 'draft:';

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

function parseDrafts(kept: unknown): Readonly<Record<string, string>> {
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Those that the engine keeps, of all that it keeps for the page. */
export function draftsOf(kept: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const own = Object.entries(kept).filter(([key]) => key.startsWith(settingPrefix));
  return parseDrafts(Object.fromEntries(own.map(([key, value]) => [key.slice(settingPrefix.length), value])));
}

/** What the engine is to be told after it was told `before`: drafts that are new or other, and null for those that are gone. */
export function draftChanges(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Readonly<Record<string, string | null>> {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]);
  return Object.fromEntries(keys.map((key) => [`${settingPrefix}${key}`, after[key] ?? null]));
}

/** What was written in one place stands in another; what stands there already comes first. The same drafts where there is nothing to move. */
export function moveDraft(drafts: Readonly<Record<string, string>>, from: string, to: string): Readonly<Record<string, string>> {
  const { [from]: moved, ...others } = drafts;
  if (moved === undefined || from === to) return drafts;
  const there = others[to]?.trimEnd() ?? '';
  return { ...others, [to]: there === '' ? moved : `${there}\n${moved}` };
}

/** A draft was sent while its writing went on: what came after it stays. */
export function withoutSent(drafts: Readonly<Record<string, string>>, key: string, sent: string): Readonly<Record<string, string>> {
  const { [key]: written, ...others } = drafts;
  if (written === undefined) return drafts;
  const rest = written.trimStart().startsWith(sent) ? written.trimStart().slice(sent.length).trimStart() : written;
  return rest === '' ? others : { ...others, [key]: rest };
}

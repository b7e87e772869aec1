import type { Command } from 'commander';
import { formatTime } from '../../chat/citations.ts';
import type { MethodResult } from '../../protocol/methods.ts';
import type { LibraryClient } from '../../server/library-client.ts';
import { runOnLibrary, type JsonFlag } from '../library-command.ts';
import { parseCount } from '../options.ts';
import type { Output } from '../output.ts';
import { defineCommand } from '../run.ts';

type Hit = MethodResult<'search.all'>['hits'][number];

/** As many as `search.all` gives at most. */
const mostHits = 200;

export function addSearchCommand(program: Command): void {
  addLimit(defineCommand(program, 'search <words...>',
    'find folders, videos, questions across videos, conversations, messages and lines of subtitles that hold every word; words in one pair of quotes are a phrase', 'search red balloon'))
    .action((words: string[], flags: LimitFlag & JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      printHits(output, await searchLibrary(library, words, flags));
    }));
}

export type LimitFlag = { readonly limit: number };

export function addLimit(command: Command): Command {
  return command.option('--limit <number>', `how many at most, up to ${mostHits}`, (text) => Math.min(mostHits, parseCount(text)), 50);
}

/** A shell takes the quotes away: words that were given in one pair are a phrase again. */
export async function searchLibrary(library: LibraryClient, words: readonly string[], { limit }: LimitFlag): Promise<MethodResult<'search.all'>> {
  const query = words.map((word) => (/\s/u.test(word) ? `"${word.replaceAll('"', ' ')}"` : word)).join(' ');
  return await library.request('search.all', { query, limit });
}

export function printHits(output: Output, found: MethodResult<'search.all'>): void {
  const lines = found.hits.map(describeHit);
  output.result(found, found.hits.length === 0 ? 'Nothing was found.' : [...lines, ...found.more ? ['There is more: --limit shows it.'] : []].join('\n'));
}

function describeHit({ kind, videoId, conversationId, folderId, surveyId, startSeconds, title, snippet }: Hit): string {
  const place = startSeconds === null ? '' : `  at ${formatTime(startSeconds)}`;
  return `${kind}  ${title || 'untitled'}${place}  ${conversationId ?? videoId ?? folderId ?? surveyId ?? ''}\n  ${snippet.replaceAll(/\s+/gu, ' ').trim()}`;
}

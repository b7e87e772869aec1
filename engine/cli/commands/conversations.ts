import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { LongtakeError } from '../../protocol/errors.ts';
import type { ConversationEntry } from '../../protocol/methods-conversations.ts';
import type { LibraryClient } from '../../server/library-client.ts';
import { runOnLibrary, type JsonFlag } from '../library-command.ts';
import { defineCommand } from '../run.ts';
import { addLimit, printHits, searchLibrary, type LimitFlag } from './search.ts';

type ListedConversation = ConversationEntry & { readonly video: string };
type ExportFlags = JsonFlag & { readonly format: 'markdown' | 'html' | 'json'; readonly language: 'en' | 'zh'; readonly overwrite?: boolean };

export function addConversationsCommand(program: Command): void {
  const conversations = program.command('conversations').description('what was asked and answered: list, show, export, rename, remove, search')
    .addHelpText('after', '\nExample:\n  longtake conversations list party.mp4');

  defineCommand(conversations, 'list [video]', 'conversations about a video, or all (the default); last used first', 'conversations list party.mp4', { isDefault: true })
    .option('--removed', 'those that were removed')
    .action((video: string | undefined, flags: JsonFlag & { removed?: boolean }) => runOnLibrary(flags, async (library, { output }) => {
      const listed = await listConversations(library, { video, removed: flags.removed === true });
      output.result({ conversations: listed }, listed.length === 0 ? 'There is none.'
        : listed.map(({ id, title, video: about, updatedAtMs }) => `${id}  ${new Date(updatedAtMs).toISOString()}  ${about}\n  ${title || 'untitled'}`).join('\n'));
    }));

  defineCommand(conversations, 'show <conversation>', 'the branch that is shown, with times and what an answer was made of', 'conversations show "When does the kite appear?"')
    .action((name: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const conversation = await findConversation(library, name);
      const { messages } = await library.request('messages.list', { conversationId: conversation.id });
      const { text } = await library.request('conversations.export', { conversationId: conversation.id, format: 'markdown' });
      output.result({ conversation, messages }, text.trimEnd());
    }));

  defineCommand(conversations, 'export <conversation> [file]', 'write one into a file, or on stdout where none is named', 'conversations export 2f7c8b1e-… party.html --format html')
    .addOption(new Option('--format <format>', 'markdown and html hold the branch that is shown, json all branches').choices(['markdown', 'html', 'json']).default('markdown'))
    .addOption(new Option('--language <language>', 'of the words around it').choices(['en', 'zh']).default('en'))
    .option('--overwrite', 'replace an existing file')
    .action((name: string, file: string | undefined, { format, language, overwrite, ...flags }: ExportFlags) => runOnLibrary(flags, async (library, { output }) => {
      const conversation = await findConversation(library, name);
      const exported = await library.request('conversations.export', { conversationId: conversation.id, format, language });
      if (file === undefined) { output.result({ conversation, ...exported }, exported.text.trimEnd()); return; }
      const target = path.resolve(file);
      await writeNew(target, exported.text, overwrite === true);
      output.result({ conversation, file: target, byteLength: Buffer.byteLength(exported.text) }, target);
    }));

  defineCommand(conversations, 'rename <conversation> <title>', 'give one another title', 'conversations rename 2f7c8b1e-… "The kite"')
    .action((name: string, title: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      if (title.trim() === '') throw new LongtakeError('bad-argument', 'The title is empty. Give it a name.');
      const renamed = await library.request('conversations.rename', { conversationId: (await findConversation(library, name)).id, title });
      output.result({ conversation: renamed }, `${renamed.id}  ${renamed.title}`);
    }));

  defineCommand(conversations, 'remove <conversation>', 'take one out of the library; "conversations restore" brings it back', 'conversations remove 2f7c8b1e-…')
    .action((name: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const { id, title } = await findConversation(library, name);
      await library.request('conversations.remove', { conversationId: id });
      output.result({ conversationId: id }, `Removed ${JSON.stringify(title)}. "longtake conversations restore ${id}" brings it back.`);
    }));

  defineCommand(conversations, 'restore <conversation>', 'bring a removed one back', 'conversations restore 2f7c8b1e-…')
    .action((name: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const conversation = await library.request('conversations.restore', { conversationId: (await findConversation(library, name, { removed: true })).id });
      output.result({ conversation }, `${conversation.id}  ${conversation.title}`);
    }));

  addLimit(defineCommand(conversations, 'search <words...>', 'find titles and messages that hold every word', 'conversations search kite'))
    .action((words: string[], flags: LimitFlag & JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const { hits, more } = await searchLibrary(library, words, flags);
      printHits(output, { hits: hits.filter(({ conversationId }) => conversationId !== null), more });
    }));
}

async function listConversations(library: LibraryClient, { video, removed = false }: { readonly video?: string | undefined; readonly removed?: boolean } = {}): Promise<ListedConversation[]> {
  const videos = video === undefined ? (await library.request('library.list', {})).videos : [await library.request('library.find', { name: video })];
  const listed = await Promise.all(videos.map(async ({ id, title }) =>
    (await library.request('conversations.list', { videoId: id, removed })).conversations.map((conversation) => ({ ...conversation, video: title }))));
  return listed.flat().sort((one, other) => other.updatedAtMs - one.updatedAtMs);
}

/** By its id, the beginning of it, or its title. Throws `not-found`, also where several fit. */
async function findConversation(library: LibraryClient, name: string, options: { readonly removed?: boolean } = {}): Promise<ListedConversation> {
  const listed = await listConversations(library, options);
  const shortestBeginning = 4;
  const found = listed.filter(({ id, title }) => title === name || (name.length >= shortestBeginning && id.startsWith(name)));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw first === undefined
    ? new LongtakeError('not-found', `There is no ${options.removed === true ? 'removed ' : ''}conversation "${name}". "longtake conversations list" shows what there is.`, { conversation: name })
    : new LongtakeError('not-found', `${found.length} conversations fit "${name}". Name one by its id: ${found.map(({ id }) => id).join(', ')}.`, { conversation: name });
}

async function writeNew(file: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: overwrite ? 'w' : 'wx' });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'EEXIST') throw new LongtakeError('bad-argument', `${file} exists already. Choose another name, or replace it with --overwrite.`, { file }, { cause });
    if (code === 'ENOSPC') throw new LongtakeError('disk-full', `There is no room for ${file}. Free some, or choose another drive.`, { file }, { cause });
    throw new LongtakeError('read-only', `${file} cannot be written (${code}). Choose another folder.`, { file }, { cause });
  }
}

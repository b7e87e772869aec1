import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { openLibrary, type Conversation, type Library, type Message, type Video } from '../../../engine/library/index.ts';

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'longtake-library-'));
  t.after(() => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}

/** A new library that is closed when the test ends. */
export function newLibrary(t: TestContext, file = path.join(temporaryFolder(t), 'library.sqlite')): Library {
  const library = openLibrary(file);
  t.after(() => { library.close(); });
  return library;
}

export type Chat = {
  readonly video: Video;
  readonly conversation: Conversation;
  /** Says something below a message, or at the beginning. */
  readonly say: (role: 'user' | 'assistant', content: string, parent?: Message) => Message;
  /** Contents of the branch that is shown. */
  readonly shown: () => string[];
};

export function newChat(library: Library, title = 'A day in town'): Chat {
  const video = library.videos.upsert({ fingerprint: `fingerprint of ${title}`, title });
  const conversation = library.conversations.create({ videoId: video.id, title: 'First questions' });
  return {
    video,
    conversation,
    say: (role, content, parent) => library.messages.append({ conversationId: conversation.id, parentId: parent?.id ?? null, role, content }),
    shown: () => library.messages.activePath(conversation.id).map((message) => message.content),
  };
}

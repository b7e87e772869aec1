export { openLibrary, type Library, type OpenLibraryOptions } from './library.ts';
export { parseArchivedConversations, type ArchivedConversation } from './conversation-archive.ts';
export type { Conversation } from './conversations.ts';
export type { IndexedCue } from './cues.ts';
export type { Job, JobState } from './jobs.ts';
export type { MemoryEntry, MemoryKey, MemoryState } from './memories.ts';
export type { Message, MessageRole, MessageWithSiblings, NewMessage } from './messages.ts';
export type { SearchHit } from './search.ts';
export type { NewVideo, Video } from './videos.ts';

import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { seal, unseal } from './sealed-json.ts';

export const conversationsFile = 'conversations.json';
const format = 'longtake-conversations';
const formatVersion = 1;
const schema = z.strictObject({
  format: z.literal(format), version: z.literal(formatVersion), conversations: z.array(z.unknown()), sha256: z.string(),
});

/** Conversations travel beside a memory. What one looks like is the library's to say; here they are JSON with a hash. */
export function serialiseConversations(conversations: readonly unknown[]): Uint8Array {
  return seal({ format, version: formatVersion, conversations });
}

export function parseConversations(bytes: Uint8Array, name: string): unknown[] {
  const parsed = schema.safeParse(unseal(bytes, format, formatVersion, name).value);
  if (parsed.success) return parsed.data.conversations;
  throw new LongtakeError('memory-invalid', `${name} does not hold conversations: ${z.prettifyError(parsed.error)}`, { file: name });
}

/**
 * The text of a subtitle file of unknown encoding: a byte order mark decides, else UTF-8 where the bytes are valid UTF-8, else
 * Windows-1252, in which no byte is invalid (wrong letters in another old encoding, but the times stay right).
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

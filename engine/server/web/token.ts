import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { LongtakeError } from '../../protocol/errors.ts';

/** 256 random bits, as text that stands in an address. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Throws `bad-argument` for a token that could be guessed, or that no header could carry. */
export function requireToken(token: string): void {
  if (/^[\w.~+/=-]{16,500}$/u.test(token)) return;
  throw new LongtakeError('bad-argument', 'The token has to be 16 to 500 characters long, of letters, digits and . _ ~ + / = -. "openssl rand -hex 32" makes one.');
}

/** Compares in constant time; hashing first makes the lengths equal. */
export function sameToken(given: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

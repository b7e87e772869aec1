/** Both ends inclusive, as in `Content-Range`. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * Reads a `Range` header (RFC 9110, section 14) for a file of a length. `whole` where there is none, where it is of
 * another unit or malformed, or asks for several parts, which a server may answer with the whole file.
 */
export function parseRange(header: string | undefined, byteLength: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/u.exec(header?.replaceAll(' ', '') ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const suffix = Number(last);
    return suffix === 0 || byteLength === 0 ? 'unsatisfiable' : { start: Math.max(0, byteLength - suffix), end: byteLength - 1 };
  }
  const start = Number(first);
  const end = last === '' ? byteLength - 1 : Math.min(Number(last), byteLength - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= byteLength ? 'unsatisfiable' : { start, end };
}

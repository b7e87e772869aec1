/**
 * The parts of a zip file (PKWARE APPNOTE 6.3) as `.longtake` writes them: every size and offset in its 64-bit form,
 * whether it needs to be or not, so that archives above 4 GiB are no rare case with code of their own. Entries are stored,
 * sizes and checksums stand before the data (a tensor can be read in place, and a stream can be unpacked), and
 * nothing depends on the clock.
 */
export const signatures = { local: 0x04034b50, central: 0x02014b50, zip64End: 0x06064b50, zip64Locator: 0x07064b50, end: 0x06054b50 } as const;
export const fixedLengths = { local: 30, central: 46, zip64End: 56, zip64Locator: 20, end: 22 } as const;
/** "Look into the zip64 field": what a 32-bit and a 16-bit field holds when its value stands elsewhere. */
export const elsewhere = { size: 0xffffffff, count: 0xffff } as const;
export const zip64ExtraId = 0x0001;

const versionNeeded = 45;
const madeByUnix = (3 << 8) | versionNeeded;
const regularFile = 0o100644;
/** The first day that the format knows. */
const dosDate = (1 << 5) | 1;

export type ZipEntry = {
  readonly name: string;
  readonly byteLength: number;
  readonly crc32: number;
  /** Of the local header, from the start of the archive. */
  readonly offset: number;
};

export const localHeaderLength = (name: string): number => fixedLengths.local + name.length + 4 + 16;

export function localHeader({ name, byteLength, crc32 }: Omit<ZipEntry, 'offset'>): Uint8Array {
  const bytes = Buffer.alloc(localHeaderLength(name));
  bytes.writeUInt32LE(signatures.local, 0);
  bytes.writeUInt16LE(versionNeeded, 4);
  bytes.writeUInt16LE(dosDate, 12);
  bytes.writeUInt32LE(crc32, 14);
  bytes.writeUInt32LE(elsewhere.size, 18);
  bytes.writeUInt32LE(elsewhere.size, 22);
  bytes.writeUInt16LE(name.length, 26);
  bytes.writeUInt16LE(20, 28);
  bytes.write(name, 30, 'latin1');
  writeZip64Extra(bytes, 30 + name.length, [byteLength, byteLength]);
  return bytes;
}

export function centralHeader({ name, byteLength, crc32, offset }: ZipEntry): Uint8Array {
  const bytes = Buffer.alloc(fixedLengths.central + name.length + 4 + 24);
  bytes.writeUInt32LE(signatures.central, 0);
  bytes.writeUInt16LE(madeByUnix, 4);
  bytes.writeUInt16LE(versionNeeded, 6);
  bytes.writeUInt16LE(dosDate, 14);
  bytes.writeUInt32LE(crc32, 16);
  bytes.writeUInt32LE(elsewhere.size, 20);
  bytes.writeUInt32LE(elsewhere.size, 24);
  bytes.writeUInt16LE(name.length, 28);
  bytes.writeUInt16LE(28, 30);
  bytes.writeUInt32LE(regularFile * 0x10000, 38);
  bytes.writeUInt32LE(elsewhere.size, 42);
  bytes.write(name, 46, 'latin1');
  writeZip64Extra(bytes, 46 + name.length, [byteLength, byteLength, offset]);
  return bytes;
}

/** The three records that end an archive whose central directory takes `[start, end)`. */
export function endRecords(count: number, start: number, end: number): Uint8Array {
  const { zip64End, zip64Locator } = fixedLengths;
  const bytes = Buffer.alloc(zip64End + zip64Locator + fixedLengths.end);
  bytes.writeUInt32LE(signatures.zip64End, 0);
  bytes.writeBigUInt64LE(BigInt(zip64End - 12), 4);
  bytes.writeUInt16LE(madeByUnix, 12);
  bytes.writeUInt16LE(versionNeeded, 14);
  [count, count, end - start, start].forEach((value, index) => { bytes.writeBigUInt64LE(BigInt(value), 24 + index * 8); });
  bytes.writeUInt32LE(signatures.zip64Locator, zip64End);
  bytes.writeBigUInt64LE(BigInt(end), zip64End + 8);
  bytes.writeUInt32LE(1, zip64End + 16);
  const last = zip64End + zip64Locator;
  bytes.writeUInt32LE(signatures.end, last);
  bytes.writeUInt16LE(elsewhere.count, last + 8);
  bytes.writeUInt16LE(elsewhere.count, last + 10);
  bytes.writeUInt32LE(elsewhere.size, last + 12);
  bytes.writeUInt32LE(elsewhere.size, last + 16);
  return bytes;
}

function writeZip64Extra(bytes: Buffer, offset: number, values: readonly number[]): void {
  bytes.writeUInt16LE(zip64ExtraId, offset);
  bytes.writeUInt16LE(values.length * 8, offset + 2);
  values.forEach((value, index) => { bytes.writeBigUInt64LE(BigInt(value), offset + 4 + index * 8); });
}

import { crc32 } from 'node:zlib';

/** One entry as a hostile hand would make it: whatever is not given is right. */
export type HandMadeEntry = {
  readonly name: string | Buffer;
  readonly data: Uint8Array;
  /** In the local header; the directory's by default. */
  readonly localName?: string;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly uncompressedSize?: number;
  readonly localSize?: number;
  readonly externalAttributes?: number;
  /** Where the directory says that the entry begins. */
  readonly offset?: number;
  readonly extra?: Buffer;
  readonly comment?: string;
  /** Bytes between this entry and the one before. */
  readonly before?: Buffer;
};

export type HandMadeArchive = {
  readonly prepend?: Buffer;
  readonly append?: Buffer;
  readonly comment?: string;
  readonly count?: number;
  readonly directoryOffset?: number;
  /** The entries of the directory, where they are not those of the file. */
  readonly listed?: (entries: Buffer[]) => Buffer[];
};

/** A zip file with 32-bit fields, as most programs write one that is small. Independent of Longtake's own writer. */
export function handMadeZip(entries: readonly HandMadeEntry[], archive: HandMadeArchive = {}): Buffer {
  const parts: Buffer[] = [archive.prepend ?? Buffer.alloc(0)];
  const central: Buffer[] = [];
  let cursor = parts[0]?.byteLength ?? 0;
  for (const entry of entries) {
    if (entry.before !== undefined) {
      parts.push(entry.before);
      cursor += entry.before.byteLength;
    }
    const local = localHeader(entry);
    parts.push(local, Buffer.from(entry.data));
    central.push(centralHeader(entry, entry.offset ?? cursor));
    cursor += local.byteLength + entry.data.byteLength;
  }
  const listed = Buffer.concat(archive.listed?.(central) ?? central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(archive.count ?? central.length, 8);
  end.writeUInt16LE(archive.count ?? central.length, 10);
  end.writeUInt32LE(listed.byteLength, 12);
  end.writeUInt32LE(archive.directoryOffset ?? cursor, 16);
  const comment = Buffer.from(archive.comment ?? '', 'latin1');
  end.writeUInt16LE(comment.byteLength, 20);
  return Buffer.concat([...parts, listed, end, comment, archive.append ?? Buffer.alloc(0)]);
}

function localHeader({ name, localName, data, method = 0, flags = 0, crc, localSize, extra = Buffer.alloc(0) }: HandMadeEntry): Buffer {
  const nameBytes = Buffer.from(localName ?? name);
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(0x04034b50, 0);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt16LE(flags, 6);
  bytes.writeUInt16LE(method, 8);
  bytes.writeUInt32LE(crc ?? crc32(data), 14);
  bytes.writeUInt32LE(localSize ?? data.byteLength, 18);
  bytes.writeUInt32LE(localSize ?? data.byteLength, 22);
  bytes.writeUInt16LE(nameBytes.byteLength, 26);
  bytes.writeUInt16LE(extra.byteLength, 28);
  return Buffer.concat([bytes, nameBytes, extra]);
}

function centralHeader(entry: HandMadeEntry, offset: number): Buffer {
  const { data, method = 0, flags = 0, crc, size, uncompressedSize, externalAttributes = 0, extra = Buffer.alloc(0), comment = '' } = entry;
  const name = Buffer.from(entry.name);
  const bytes = Buffer.alloc(46);
  bytes.writeUInt32LE(0x02014b50, 0);
  bytes.writeUInt16LE((3 << 8) | 20, 4);
  bytes.writeUInt16LE(20, 6);
  bytes.writeUInt16LE(flags, 8);
  bytes.writeUInt16LE(method, 10);
  bytes.writeUInt32LE(crc ?? crc32(data), 16);
  bytes.writeUInt32LE(size ?? data.byteLength, 20);
  bytes.writeUInt32LE(uncompressedSize ?? size ?? data.byteLength, 24);
  bytes.writeUInt16LE(name.byteLength, 28);
  bytes.writeUInt16LE(extra.byteLength, 30);
  bytes.writeUInt16LE(comment.length, 32);
  bytes.writeUInt32LE(externalAttributes, 38);
  bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, name, extra, Buffer.from(comment, 'latin1')]);
}

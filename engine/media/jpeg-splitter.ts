/**
 * Cuts the concatenated JPEG files that ffmpeg's image2pipe writes. Segments are walked by their lengths up to the scan;
 * inside the scan 0xFF is followed by 0x00 or a restart marker, so the first other marker that is "end of image" ends it.
 */
export class JpegSplitter {
  #pending: Uint8Array = new Uint8Array(0);
  /** Where the picture that is being walked begins in `#pending`. */
  #start = 0;
  /** Where the next marker or the rest of the scan begins in `#pending`. */
  #position = 0;
  #inScan = false;

  /** The pictures that this chunk completes, each in memory of its own. Throws where the bytes are no JPEG. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#pending = this.#pending.length === 0 ? chunk : concatenate(this.#pending, chunk);
    const pictures: Uint8Array[] = [];
    for (let end = this.#findEnd(); end !== undefined; end = this.#findEnd()) {
      pictures.push(Uint8Array.from(this.#pending.subarray(this.#start, end)));
      this.#start = end;
      this.#position = end;
      this.#inScan = false;
    }
    // The chunk is the stream's; what is left of it is copied once, however many pictures it held.
    this.#pending = Uint8Array.from(this.#pending.subarray(this.#start));
    this.#position -= this.#start;
    this.#start = 0;
    return pictures;
  }

  #findEnd(): number | undefined {
    const bytes = this.#pending;
    if (this.#position === this.#start) {
      if (bytes.length - this.#start < 2) return undefined;
      if (bytes[this.#start] !== 0xff || bytes[this.#start + 1] !== 0xd8) throw new Error('The thumbnails from ffmpeg are not JPEG.');
      this.#position = this.#start + 2;
    }
    for (;;) {
      if (this.#inScan) {
        const marker = bytes.indexOf(0xff, this.#position);
        if (marker < 0 || marker + 1 >= bytes.length) {
          this.#position = marker < 0 ? bytes.length : marker;
          return undefined;
        }
        const code = bytes[marker + 1] ?? 0;
        const isData = code === 0x00 || code === 0xff || (code >= 0xd0 && code <= 0xd7);
        if (code === 0xd9) return marker + 2;
        this.#position = isData ? marker + (code === 0xff ? 1 : 2) : marker;
        this.#inScan = isData;
      } else {
        if (this.#position + 4 > bytes.length) {
          return bytes[this.#position] === 0xff && bytes[this.#position + 1] === 0xd9 ? this.#position + 2 : undefined;
        }
        const code = bytes[this.#position + 1] ?? 0;
        if (code === 0xd9) return this.#position + 2;
        const segmentLength = ((bytes[this.#position + 2] ?? 0) << 8) | (bytes[this.#position + 3] ?? 0);
        if (this.#position + 2 + segmentLength > bytes.length) return undefined;
        this.#position += 2 + segmentLength;
        this.#inScan = code === 0xda;
      }
    }
  }
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

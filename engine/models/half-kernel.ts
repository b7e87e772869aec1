/**
 * bfloat16 to float16 and transposition, eight numbers at a time: WebAssembly with vectors, assembled here, because JavaScript has
 * none. conversions.ts has the same in JavaScript, for the sizes and types that this leaves out.
 * Opcodes: webassembly.github.io/spec/core, "Binary Format", "Instructions".
 */
type Code = readonly (number | Code)[];
const i32 = 0x7f;
const v128 = 0x7b;

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...unsigned(value >>> 7)];
}
function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [value & 127 | 128, ...signed(value >> 7)];
}

const get = (local: number): Code => [0x20, unsigned(local)];
const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)];
const number = (value: number): Code => [0x41, signed(value)];
const plus = (left: Code, right: Code): Code => [left, right, 0x6a];
const times = (left: Code, right: Code): Code => [left, right, 0x6c];
const lessThan = (left: Code, right: Code): Code => [left, right, 0x49];
/** Repeats while the condition holds, once at least. */
const repeat = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
const either = (condition: Code, yes: Code, no: Code): Code => [yes, no, condition, 0x1b];

const vector = (opcode: number, ...operands: Code[]): Code => [operands, 0xfd, unsigned(opcode)];
const load = (address: Code): Code => [vector(0, address), 4, 0];
const store = (address: Code, value: Code): Code => [vector(11, address, value), 4, 0];
const everywhere = (value: number): Code => vector(0x10, number(value));
const everywhere32 = (value: number): Code => vector(0x11, number(value));
const and = (left: Code, right: Code): Code => vector(0x4e, left, right);
const or = (left: Code, right: Code): Code => vector(0x50, left, right);
const shuffled = (left: Code, right: Code, lanes: readonly number[]): Code => [left, right, 0xfd, 13, lanes];

/** Lanes of `width` bytes of the lower or upper halves of two vectors, by turns. */
function interleaved(left: Code, right: Code, width: number, upper: boolean): Code {
  const lanes = Array.from({ length: 16 }, (_, byte) => {
    const lane = Math.floor(byte / width);
    return (lane % 2) * 16 + (upper ? 8 : 0) + (lane >> 1) * width + byte % width;
  });
  return shuffled(left, right, lanes);
}

/**
 * Numbers in local `value` become float16, those too large or not finite are marked in local `bad`; `magnitude` is for use here.
 * From 2^-14 exponents are only counted from another place. Below, adding ½ as float32 leaves the multiple of 2^-24, rounded as it
 * must be, in the last bits.
 */
function converted(value: number, bad: number, magnitude: number): Code {
  const half = 0x3f00_0000;
  const tiny = (extend: number): Code => vector(0xb1,
    vector(0xe4, [vector(extend, get(magnitude)), number(16), 0xfd, unsigned(0xab)], everywhere32(half)), everywhere32(half));
  const normal: Code = [vector(0x91, get(magnitude), everywhere(0x3800)), number(3), 0xfd, unsigned(0x8b)];
  const isTiny = vector(0x2f, get(magnitude), everywhere(0x3880));
  return [
    set(magnitude, and(get(value), everywhere(0x7fff))),
    set(bad, or(get(bad), vector(0x35, get(magnitude), everywhere(0x4780)))),
    set(value, or(and(get(value), everywhere(-0x8000)), vector(0x52, vector(0x86, tiny(0xa9), tiny(0xaa)), normal, isTiny))),
  ];
}

/** Lines of a cache are 64 bytes long: of so many rows at once they are written whole. */
const band = 32;

/** convert(place, end): numbers of 16 bits in place; transpose(from, rows, columns, to): both multiples of eight. Not 0 where a number is bad. */
function assembled(): Uint8Array<ArrayBuffer> {
  const convert = (): Code => {
    const [place, end, value, bad, magnitude] = [0, 1, 2, 3, 4];
    return body([[3, v128]], [
      repeat([set(value, load(get(place))), converted(value, bad, magnitude), store(get(place), get(value)), set(place, plus(get(place), number(16)))], lessThan(get(place), get(end))),
      vector(0x53, get(bad)),
    ]);
  };
  const transpose = (): Code => {
    const [from, rows, columns, to, first, last, column, row, source, target, bad, magnitude, a, b] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20] as const;
    const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;
    const twice = (value: Code): Code => plus(value, value);
    /** Pairs of locals from `before` into neighbours from `after`. */
    const mixed = (before: number, after: number, width: number, distance: number): Code => {
      const pairs = eight.filter((index) => (index & distance) === 0);
      return pairs.map((index, pair) => [false, true].map((upper, part) => set(after + 2 * pair + part, interleaved(get(before + index), get(before + index + distance), width, upper))));
    };
    const tile: Code = [
      set(source, plus(get(from), twice(plus(times(get(row), get(columns)), get(column))))),
      eight.map((index) => [set(a + index, load(get(source))), converted(a + index, bad, magnitude), set(source, plus(get(source), twice(get(columns))))]),
      // Halves of vectors are interleaved three times: what began as row r of column c ends as lane r of vector c.
      mixed(a, b, 2, 4), mixed(b, a, 2, 4), mixed(a, b, 2, 4),
      set(target, plus(get(to), twice(plus(times(get(column), get(rows)), get(row))))),
      eight.map((index) => [store(get(target), get(b + index)), set(target, plus(get(target), twice(get(rows))))]),
      set(row, plus(get(row), number(8))),
    ];
    const strip: Code = [set(row, get(first)), repeat(tile, lessThan(get(row), get(last))), set(column, plus(get(column), number(8)))];
    return body([[6, i32], [18, v128]], [
      repeat([
        set(last, plus(get(first), number(band))),
        set(last, either(lessThan(get(last), get(rows)), get(last), get(rows))),
        set(column, number(0)), repeat(strip, lessThan(get(column), get(columns))),
        set(first, get(last)),
      ], lessThan(get(first), get(rows))),
      vector(0x53, get(bad)),
    ]);
  };
  return Uint8Array.from(flat([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    section(1, [2, [0x60, 2, i32, i32, 1, i32], [0x60, 4, i32, i32, i32, i32, 1, i32]]),
    section(2, [1, text('e'), text('memory'), 2, 0, 0]),
    section(3, [2, 0, 1]),
    section(7, [2, text('convert'), 0, 0, text('transpose'), 0, 1]),
    section(10, [2, convert(), transpose()]),
  ]));
}

function flat(code: Code): number[] {
  return code.flatMap((part) => typeof part === 'number' ? [part] : flat(part));
}
function sized(code: Code): Code {
  return [unsigned(flat(code).length), code];
}
const section = (id: number, content: Code): Code => [id, sized(content)];
const text = (words: string): Code => sized([...Buffer.from(words)]);
const body = (locals: Code, code: Code): Code => sized([locals.length, locals, code, 0x0b]);

/** What is used of it here: the engine is checked without the types of a page, where TypeScript has them. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly e: { readonly memory: object } }) => { readonly exports: unknown };
};

type Exports = { readonly convert: (place: number, end: number) => number; readonly transpose: (from: number, rows: number, columns: number, to: number) => number };

/** Memory of its own, in which bfloat16 becomes float16. */
export class HalfKernel {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #exports: Exports;

  constructor() {
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(assembled()), { e: { memory: this.#memory } }).exports as Exports;
  }

  /** So many bytes of it, from the first, until more are asked for. */
  bytes(byteLength: number): Uint8Array<ArrayBuffer> {
    const missing = byteLength - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65_536));
    return new Uint8Array(this.#memory.buffer, 0, byteLength);
  }

  /** The first `count` numbers, a multiple of eight, in place; false where one is not finite or too large. */
  convert(count: number): boolean {
    return this.#exports.convert(0, 2 * count) === 0;
  }

  /** The first rows [rows, columns], both multiples of eight, to [columns, rows] from byte `to` on; false as above. */
  transpose(rows: number, columns: number, to: number): boolean {
    return this.#exports.transpose(0, rows, columns, to) === 0;
  }
}

import { readFileSync } from 'node:fs';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { LongtakeError } from '../protocol/errors.ts';

export type Tokenizer = {
  /** Ids of a text in which special tokens (`<|im_start|>` …) count as such: for the template's own text. */
  encode(text: string): number[];
  /** Ids of a text that may hold anything: a special token's name in it stays plain text. */
  encodePlain(text: string): number[];
  /** Special tokens are left out. Bytes that are no UTF-8 yet come back as U+FFFD. */
  decode(ids: readonly number[]): string;
  idOf(token: string): number | undefined;
};

/** Reads a Hugging Face `tokenizer.json`. Throws `checkpoint-invalid` where it cannot be used. */
export function readTokenizer(file: string): Tokenizer {
  const inner = openTokenizer(file);
  const specials = [...inner.get_added_tokens_decoder().values()].map((token) => token.content);
  const encode = (text: string): number[] =>
    text === '' ? [] : [...inner.encode(text, { add_special_tokens: false }).ids];
  return {
    encode,
    encodePlain: (text) => breakSpecials(text, specials).flatMap(encode),
    decode: (ids) => (ids.length === 0 ? '' : inner.decode([...ids], { skip_special_tokens: true })),
    idOf: (token) => inner.token_to_id(token),
  };
}

function openTokenizer(file: string): HuggingFaceTokenizer {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof json !== 'object' || json === null) throw new TypeError('it is not a JSON object');
    return new HuggingFaceTokenizer(json, { clean_up_tokenization_spaces: false });
  } catch (cause) {
    throw new LongtakeError('checkpoint-invalid',
      `The tokenizer ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { file }, { cause });
  }
}

/** Splits a text inside every special token's name, so that no piece holds a whole one. */
function breakSpecials(text: string, specials: readonly string[]): string[] {
  const cuts = new Set<number>();
  for (const special of specials) {
    for (let at = text.indexOf(special); at >= 0; at = text.indexOf(special, at + 1)) cuts.add(at + 1);
  }
  const edges = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return edges.slice(1).map((end, index) => text.slice(edges[index], end));
}

/**
 * Turns a stream of ids into a stream of text: a piece is held back while its last character is not complete,
 * because one character can span several byte-level tokens.
 */
export function createTextStream(tokenizer: Tokenizer): { push(id: number): string; readonly text: string; flush(): string } {
  const ids: number[] = [];
  let shown = '';
  const take = (text: string): string => {
    const piece = text.slice(shown.length);
    shown = text;
    return piece;
  };
  return {
    push(id) {
      ids.push(id);
      const text = tokenizer.decode(ids);
      return text.endsWith('\ufffd') ? '' : take(text);
    },
    flush: () => take(tokenizer.decode(ids)),
    get text() { return shown; },
  };
}

import type { Memory } from '../memory/index.ts';
import { openEngine, type Engine } from '../pipeline/engine.ts';
import { ingestVideo } from '../pipeline/ingest.ts';
import { chooseRepository } from '../pipeline/repository.ts';
import type { AnswerSettings } from '../pipeline/settings.ts';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import type { FeatureSource } from '../protocol/features.ts';
import type { ProgressListener } from '../protocol/progress.ts';
import type { Question, QuestionSet } from './question-set.ts';
import { Responder } from './responder.ts';
import { scoreReply } from './score.ts';

/** A few frames of another video, and a question that only they answer. */
export type Needle = { readonly set: QuestionSet; readonly question: Question; readonly startSeconds: number; readonly endSeconds: number };

export type NeedleCell = { readonly frames: number; readonly depth: number; readonly correct: number; readonly total: number };

export type NeedleOptions = {
  readonly settings: AnswerSettings;
  /** Lengths of the haystack in frames, one a second (LongVILA: 200, 400, …), and places of the needle, 0 to 1. */
  readonly frames: readonly number[];
  readonly depths: readonly number[];
  readonly needles: number;
  readonly onCell?: (cell: NeedleCell) => void;
  readonly onProgress: ProgressListener;
  readonly signal: AbortSignal;
};

const needleKinds = ['colour', 'place', 'action', 'describe', 'companion', 'side'];
const longestNeedleSeconds = 8;

/**
 * The needle-in-a-haystack test after LongVILA (vision_niah): the first frames of a long video, the needle's frames put in
 * at a depth, one question. The needle here is an event of seconds and not one still; replies are generated and scored by
 * their key, where LongVILA compares the most likely token at each place of the right answer.
 *
 * The longest set is the haystack, needles come from the others. Throws `bad-argument` where there are none.
 */
export async function searchNeedles(sets: readonly QuestionSet[], options: NeedleOptions): Promise<{ cells: NeedleCell[]; haystack: string; needles: Needle[] }> {
  const { haystack, needles } = chooseNeedles(sets, options.needles);
  await using engine = await openEngine(options.settings, options);
  const reading = { ...options, decoding: options.settings.decoding };
  const { memory } = await ingestVideo(engine, haystack.videoFile, reading);
  const longest = Math.max(...options.frames);
  if (memory.frameCount < longest) {
    throw new LongtakeError('bad-argument', `The haystack ${haystack.name} has ${memory.frameCount} frames, and ${longest} were asked for. `
      + 'Use a longer video or fewer frames.', { frames: memory.frameCount, longest });
  }
  const pieces: { readonly needle: Needle; readonly memory: Memory }[] = [];
  for (const needle of needles) pieces.push({ needle, memory: (await ingestVideo(engine, needle.set.videoFile, reading)).memory });
  const cells: NeedleCell[] = [];
  for (const frames of options.frames) {
    for (const depth of options.depths) {
      let correct = 0;
      for (const piece of pieces) {
        throwIfCancelled(options.signal);
        if (await isFound(engine, memory, piece, frames, depth, options)) correct += 1;
      }
      const cell = { frames, depth, correct, total: pieces.length };
      cells.push(cell);
      options.onCell?.(cell);
    }
  }
  return { cells, haystack: haystack.name, needles };
}

/** The longest video, and questions about short events of the others that name a subject which it does not show, different videos first. */
export function chooseNeedles(sets: readonly QuestionSet[], count: number): { haystack: QuestionSet; needles: Needle[] } {
  const [haystack, ...others] = [...sets].sort((a, b) => b.seconds - a.seconds);
  if (haystack === undefined) throw new LongtakeError('bad-argument', 'There is no question set to take a haystack from.');
  const bySet = others.map((set) => set.questions.flatMap((question): Needle[] => {
    const [evidence, ...more] = question.evidence;
    const fits = evidence !== undefined && more.length === 0 && evidence.endSeconds - evidence.startSeconds <= longestNeedleSeconds
      && question.form === 'open-ended' && question.earlier === undefined && needleKinds.includes(question.kind ?? '')
      && question.facts === undefined && question.subject !== undefined && haystack.things?.includes(question.subject) === false
      && names(question.question, question.subject); // "the second sign" is another one there
    return fits ? [{ set, question, ...evidence }] : [];
  }));
  const turns = Array.from({ length: Math.max(0, ...bySet.map((some) => some.length)) }, (_, turn) => bySet.flatMap((some) => some[turn] ?? []));
  const needles = turns.flat().slice(0, count);
  if (needles.length === 0) {
    throw new LongtakeError('bad-argument', 'No question is a needle: one is about an event of a few seconds whose subject the longest video does not show. '
      + 'Render more videos with other seeds.', { haystack: haystack.name });
  }
  return { haystack, needles };
}

function names(sentence: string, subject: string): boolean {
  return sentence.toLowerCase().includes(subject.toLowerCase());
}

async function isFound(
  engine: Engine, haystack: Memory, { needle, memory }: { needle: Needle; memory: Memory }, frames: number, depth: number, options: NeedleOptions,
): Promise<boolean> {
  const first = memory.ptsSeconds.findIndex((seconds) => seconds >= needle.startSeconds);
  const past = memory.ptsSeconds.findIndex((seconds) => seconds >= needle.endSeconds);
  const source = joined(haystack, memory, { frames, at: Math.floor(depth * frames), first, past: past === -1 ? memory.frameCount : past });
  const { spec } = engine.model;
  const repository = chooseRepository(source.frameCount, spec, { ...options.settings, spatialForgetting: 'uniform' }, 0);
  using responder = new Responder(engine, options.settings, source, repository, source.frameCount);
  const reply = await responder.answer([{ role: 'user', content: needle.question.question }], options);
  return scoreReply(needle.question, reply.text).correct;
}

/** The first `frames` of the haystack with the needle's frames `first` to `past` (exclusive) put in at `at`. */
export function joined(haystack: FeatureSource, needle: FeatureSource, { frames, at, first, past }: { frames: number; at: number; first: number; past: number }): FeatureSource {
  const length = past - first;
  const parts = [
    { source: haystack, from: 0, to: at, start: 0 },
    { source: needle, from: first, to: past, start: at },
    { source: haystack, from: at, to: frames, start: at + length },
  ];
  return {
    frameCount: frames + length,
    readFeatures: async (from, to) => {
      const pieces: Uint16Array[] = [];
      for (const part of parts) {
        const [low, high] = [Math.max(from, part.start), Math.min(to, part.start + part.to - part.from)];
        if (low >= high) continue;
        const read = await part.source.readFeatures(part.from + low - part.start, part.from + high - part.start);
        if (!(read instanceof Uint16Array)) throw new LongtakeError('internal', 'A needle test needs features as memories keep them, in float16.');
        pieces.push(read);
      }
      const whole = new Uint16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
      let position = 0;
      for (const piece of pieces) {
        whole.set(piece, position);
        position += piece.length;
      }
      return whole;
    },
  };
}

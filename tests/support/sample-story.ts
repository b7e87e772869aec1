import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { sampleVideoFile } from '../../engine/pipeline/pebble-town.ts';

const eventSchema = z.object({
  thing: z.string(), startSeconds: z.number(), endSeconds: z.number(), place: z.string(), companion: z.string(),
  /** Of a visit. */
  colour: z.string().optional(), action: z.string().optional(), side: z.string().optional(), brings: z.string().optional(),
  /** Of a spell of weather: the visitor that brought it. */
  cause: z.string().optional(),
});
const storySchema = z.object({
  seconds: z.number(), things: z.array(z.string()), events: z.array(eventSchema),
  scenes: z.array(z.object({ startSeconds: z.number(), endSeconds: z.number(), place: z.string(), resident: z.string() })),
});

export type SampleEvent = z.infer<typeof eventSchema>;

/** What happens in the sample video, from the file that its renderer wrote: right answers come from here, not from a model. */
export const sampleStory = storySchema.parse(JSON.parse(readFileSync(sampleVideoFile.replace(/\.mp4$/u, '.json'), 'utf8')));

/** Words on boards, shown for seconds: neither figures nor weather. The first one first. */
export const sampleSigns = sampleStory.events.filter(({ colour, cause }) => colour === undefined && cause === undefined)
  .toSorted((one, other) => one.startSeconds - other.startSeconds) as [SampleEvent, ...SampleEvent[]];

/** The one event of a thing that comes once. */
export function onlyEvent(thing: string): SampleEvent {
  const [event, ...others] = sampleStory.events.filter((one) => one.thing === thing);
  if (event === undefined || others.length > 0) throw new Error(`The ${thing} comes ${others.length + (event === undefined ? 0 : 1)} times, not once.`);
  return event;
}

/** Matches words in this order, each whole, whatever stands between them. */
export function naming(...words: readonly (string | undefined)[]): RegExp {
  return new RegExp(words.map((word) => `\\b${RegExp.escape(word ?? '(nothing)')}\\b`).join('.*'), 'isu');
}

/** Matches the ten seconds of a time, which is how this world tells times: "17:0\d" for 1,023 seconds. */
export function toldTime(seconds: number): RegExp {
  const tens = Math.floor(seconds / 10);
  return new RegExp(`\\b${String(Math.floor(tens / 6)).padStart(2, '0')}:${tens % 6}\\d\\b`, 'u');
}

/** Matches any of the ten seconds in which an event can be seen: two for one from 37:59 to 38:03. */
export function toldTimeOf({ startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number }): RegExp {
  const tens = Array.from({ length: Math.floor((endSeconds - 1) / 10) - Math.floor(startSeconds / 10) + 1 }, (_, later) => toldTime(startSeconds + 10 * later).source);
  return new RegExp(tens.join('|'), 'u');
}

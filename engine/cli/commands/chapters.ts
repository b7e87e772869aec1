import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { openLibrary, type Video } from '../../library/index.ts';
import { fingerprintVideo, probeVideo } from '../../media/index.ts';
import { chapterFormats, exportChapters, type ChapterFormat, type YoutubeProblem } from '../../pipeline/chapters/export.ts';
import { createAsker, makeChapters } from '../../pipeline/chapters/make.ts';
import { fileChapters, shownChapters, type ShownChapters } from '../../pipeline/chapters/shown.ts';
import { openEngine } from '../../pipeline/engine.ts';
import { openHome } from '../../pipeline/home.ts';
import { ingestVideo, openKnownMemory } from '../../pipeline/ingest.ts';
import { searchVideo } from '../../pipeline/library-files.ts';
import { defaultAnswerSettings } from '../../pipeline/settings.ts';
import { LongtakeError } from '../../protocol/errors.ts';
import { addModelOptions, type ModelFlags } from '../options.ts';
import { defineCommand, runCommand, type CommandContext } from '../run.ts';

type ChapterFlags = ModelFlags & { readonly json?: boolean; readonly make?: boolean; readonly format: ChapterFormat };

export function addChaptersCommand(program: Command): void {
  addModelOptions(defineCommand(program, 'chapters <video>',
    'the chapters of a video: those that its file has, or those that a model makes', 'chapters party.mp4 --make --format youtube'))
    .option('--make', 'let the model make chapters and a summary from the memory; the video is watched first where it was not')
    .addOption(new Option('--format <kind>', 'how they are printed; with --json it is the member "text"').choices(chapterFormats).default('text'))
    .action((video: string, flags: ChapterFlags) =>
      runCommand(flags.json === true, async (context) => {
        const shown = flags.make === true ? await make(video, flags, context) : await look(video, context);
        const { text, problems } = exportChapters(shown, flags.format, (number) => `Chapter ${number}`);
        if (shown.chapters.length === 0) context.output.note('This video has no chapters. "longtake chapters VIDEO --make" makes them.');
        for (const problem of problems) context.output.note(youtubeWords[problem]);
        context.output.result({ ...shown, format: flags.format, text, problems }, text.trimEnd());
        return 0;
      }));
}

const youtubeWords: Readonly<Record<YoutubeProblem, string>> = {
  'fewer-than-three': 'YouTube shows no chapters where there are fewer than three.',
  'shorter-than-ten-seconds': 'YouTube shows no chapters where one is shorter than ten seconds.',
};

async function make(name: string, flags: ChapterFlags, { output, signal }: CommandContext): Promise<ShownChapters> {
  const options = { onProgress: output.progress, signal };
  const settings = { ...defaultAnswerSettings, model: flags.model, provider: flags.provider, weights: flags.weights };
  await using engine = await openEngine(settings, options);
  const { memory, videoId } = (existsSync(name) ? undefined : await openKnownMemory(engine, name)) ?? await ingestVideo(engine, name, { decoding: settings.decoding, ...options });
  const video = engine.library.videos.get(videoId);
  using asker = createAsker(engine, settings, memory, options);
  await makeChapters(engine, video, memory, { ask: asker.ask, ...options });
  return shownChapters(engine.library, video);
}

/** What there is already. A file that the library does not know is looked into, and stays out of it. */
async function look(name: string, { signal }: CommandContext): Promise<ShownChapters> {
  using library = openLibrary(openHome().libraryFile);
  const isFile = existsSync(name);
  const video: Video | undefined = isFile ? library.videos.findByFingerprint(await fingerprintVideo(name, { signal })) : searchVideo(library, name);
  if (video !== undefined) return shownChapters(library, video);
  if (!isFile) throw new LongtakeError('not-found', `No video "${name}" is in the library, and no file is called so. "longtake library list" shows what is.`, { video: name });
  const chapters = fileChapters(await probeVideo(name, { signal }));
  return { source: chapters.length > 0 ? 'file' : 'none', chapters, summary: '', model: null };
}

export type SubtitleName = { readonly fileName: string; readonly format: 'srt' | 'vtt' | 'ass'; readonly language?: string; readonly title?: string };

const formats: Readonly<Record<string, SubtitleName['format']>> = { srt: 'srt', vtt: 'vtt', ass: 'ass', ssa: 'ass' };

/** Whether the name of a file is one of subtitles, and not of a hidden file. */
export function isSubtitleName(name: string): boolean {
  return formatOf(name) !== undefined && !name.startsWith('.');
}

/**
 * Which of a folder's files are subtitles of a video: `name.srt`, `name.en.srt`, `name.pt-BR.forced.vtt`, `name.mp4.srt`.
 * What stands between name and ending must be a language tag or plain words, so that `film.2.srt` beside `film.mp4`
 * stays the subtitle of `film.2.mp4`.
 */
export function findSubtitleNames(videoName: string, folder: readonly string[]): SubtitleName[] {
  return folder.flatMap((fileName): SubtitleName[] => {
    const format = formatOf(fileName);
    const labels = labelsAfter(videoName, fileName);
    if (format === undefined || labels === undefined) return [];
    const language = labels.find(isLanguageTag);
    const title = labels.filter((label) => label !== language).join(' ');
    return [{ fileName, format, ...(language ? { language } : {}), ...(title ? { title } : {}) }];
  }).sort((one, other) => (one.fileName < other.fileName ? -1 : 1));
}

/** What subtitles of one video are called as those of another name of it: `a.en.srt` of `a.mp4`, for `b.mp4`, is `b.en.srt`. Undefined for what are none of it. */
export function subtitleNameFor(videoName: string, fileName: string, otherVideoName: string): string | undefined {
  const labels = formatOf(fileName) === undefined ? undefined : labelsAfter(videoName, fileName);
  return labels === undefined ? undefined : [stemOf(otherVideoName), ...labels, fileName.slice(-3)].join('.');
}

/** What stands between the name of a video and the ending of subtitles of it; undefined where they are none of it. */
function labelsAfter(videoName: string, fileName: string): string[] | undefined {
  const whole = videoName.normalize('NFC');
  const name = fileName.normalize('NFC').slice(0, -4);
  const base = [whole, stemOf(whole)].find((each) => name === each || name.startsWith(`${each}.`));
  const labels = base === undefined ? undefined : name.slice(base.length).split('.').filter((label) => label !== '');
  return labels?.every((label) => isLanguageTag(label) || /^\p{L}[\p{L} ]*$/u.test(label)) === true ? labels : undefined;
}

function formatOf(name: string): SubtitleName['format'] | undefined {
  const ending = /[^/\\]\.([^./\\]+)$/u.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(formats, ending) ? formats[ending] : undefined;
}

function stemOf(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/u, '');
}

function isLanguageTag(label: string): boolean {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(label) && !['sdh', 'cc', 'hi'].includes(label.toLowerCase());
}

import { basename, extname } from 'node:path';

export type SidecarName = { readonly fileName: string; readonly format: 'srt' | 'vtt' | 'ass'; readonly language?: string; readonly title?: string };

const formats: Readonly<Record<string, SidecarName['format']>> = { '.srt': 'srt', '.vtt': 'vtt', '.ass': 'ass', '.ssa': 'ass' };

/**
 * Which of a folder's files are subtitles of a video: `name.srt`, `name.en.srt`, `name.pt-BR.forced.vtt`, `name.mp4.srt`.
 * What stands between name and ending must be a language tag or plain words, so that `film.2.srt` beside `film.mp4`
 * stays the subtitle of `film.2.mp4`.
 */
export function findSidecarNames(videoPath: string, folder: readonly string[]): SidecarName[] {
  const videoName = basename(videoPath).normalize('NFC');
  const stem = videoName.slice(0, videoName.length - extname(videoName).length);
  return folder.flatMap((fileName): SidecarName[] => {
    const format = formats[extname(fileName).toLowerCase()];
    if (!format) return [];
    const name = fileName.normalize('NFC').slice(0, -4);
    const base = [videoName, stem].find((each) => name === each || name.startsWith(`${each}.`));
    if (base === undefined) return [];
    const labels = name.slice(base.length).split('.').filter((label) => label !== '');
    if (!labels.every((label) => isLanguageTag(label) || /^\p{L}[\p{L} ]*$/u.test(label))) return [];
    const language = labels.find(isLanguageTag);
    const title = labels.filter((label) => label !== language).join(' ');
    return [{ fileName, format, ...(language ? { language } : {}), ...(title ? { title } : {}) }];
  }).sort((one, other) => (one.fileName < other.fileName ? -1 : 1));
}

function isLanguageTag(label: string): boolean {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(label) && !['sdh', 'cc', 'hi'].includes(label.toLowerCase());
}

/** Kinds of files that the app opens: in dialogs, and registered with the system by the packages. Without the dot. */
export const memoryExtension = 'longtake';
export const memoryMimeType = 'application/x-longtake-memory';

export const videoMimeTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4', m4v: 'video/x-m4v', mov: 'video/quicktime', mkv: 'video/x-matroska', webm: 'video/webm', avi: 'video/x-msvideo',
  mpg: 'video/mpeg', mpeg: 'video/mpeg', ts: 'video/mp2t', m2ts: 'video/mp2t', mts: 'video/mp2t', wmv: 'video/x-ms-wmv', flv: 'video/x-flv',
  ogv: 'video/ogg', '3gp': 'video/3gpp', mxf: 'application/mxf', vob: 'video/dvd',
};
export const videoExtensions: readonly string[] = Object.keys(videoMimeTypes);

/** "/films/a.mp4" → "a.mp4", on every system. */
export function fileNameOf(path: string): string {
  return path.replace(/[\\/]+$/u, '').split(/[\\/]/u).pop() ?? path;
}

/** "a.tar.gz" → "a.tar"; a name without an extension as it is. */
export function withoutExtension(fileName: string): string {
  return fileName.replace(/(?<=.)\.[^.]*$/u, '');
}

/** A sentence with the files that it names in quotes, without the folders that they lie in. */
export function withoutFolders(sentence: string): string {
  return sentence.replaceAll(/"(?:[A-Za-z]:)?[\\/](?:[^"\\/]*[\\/])*([^"\\/]+)"/gu, '"$1"');
}

/** What is taken from a folder without being asked for by name. A file that is given itself is always tried. */
const videoEnding = /\.(?:3gp|avi|flv|m2ts|m4v|mkv|mov|mp4|mpeg|mpg|mts|mxf|ogv|ts|vob|webm|wmv)$/iu;

/** Whether the name of a file, or a path that ends in it, is one of a video, and not of a hidden file. */
export function isVideoName(name: string): boolean {
  return videoEnding.test(name) && !/(?:^|[/\\])\.[^/\\]*$/u.test(name);
}

import path from 'node:path';

/**
 * Files that the system opened with the app, from the double click to the page that takes them: they wait until it
 * listens, and again while it is reloaded.
 */
export class OpenedFiles {
  #waiting: string[] = [];
  #send: ((paths: readonly string[]) => void) | undefined;

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths);
    this.#flush();
  }

  /** The page listens now. */
  listen(send: (paths: readonly string[]) => void): void {
    this.#send = send;
    this.#flush();
  }

  /** The page is going: what is opened now waits for the next one. */
  pause(): void {
    this.#send = undefined;
  }

  #flush(): void {
    if (this.#send === undefined || this.#waiting.length === 0) return;
    this.#send(this.#waiting.splice(0));
  }
}

/** Paths of a command line: what is no switch, behind the program and, before it is packaged, the script. */
export function pathsOfCommandLine(argv: readonly string[], workingDirectory: string, packaged: boolean): string[] {
  const given = argv.slice(packaged ? 1 : 2);
  const end = given.indexOf('--');
  const switchable = end < 0 ? given : given.slice(0, end);
  return [...switchable.filter((argument) => !argument.startsWith('-')), ...(end < 0 ? [] : given.slice(end + 1))]
    .filter((argument) => argument !== '')
    .map((argument) => path.resolve(workingDirectory, argument));
}

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { basename } from 'node:path';
import { LongtakeError, throwIfCancelled } from '../protocol/errors.ts';
import { formatCommandLine } from './command-line.ts';

export type ToolExit = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

export type ToolProcess = {
  readonly child: ChildProcess;
  /** Resolves when the process has gone and its pipes are closed. Rejects only when it could not be started. */
  readonly exited: Promise<ToolExit>;
  /** Kills the process and waits until it has gone. Safe to call twice. */
  stop(): Promise<void>;
};

export type ToolOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Gets every command before it runs, as a line that can be pasted into a shell. */
  readonly onCommand?: ((commandLine: string) => void) | undefined;
};

const running = new Set<ChildProcess>();
let exitHookInstalled = false;

/** A tool must not outlive an engine that leaves through `process.exit`; a killed engine breaks its pipes instead. */
function rememberForExit(child: ChildProcess): void {
  if (!exitHookInstalled) {
    exitHookInstalled = true;
    process.once('exit', () => {
      for (const each of running) each.kill('SIGKILL');
    });
  }
  running.add(child);
  child.once('close', () => running.delete(child));
}

/**
 * The static ffprobe of the installer package crashes on every transport stream: its iconv loads the system's conversion
 * modules, which belong to another C library. Where it finds none it reads the names of broadcasts as they are.
 */
function toolEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, AV_LOG_FORCE_NOCOLOR: '1', ...(process.platform === 'linux' ? { GCONV_PATH: '/nonexistent' } : {}) };
}

/** Starts ffmpeg or ffprobe with an argument array (never through a shell) and ties its life to the signal. */
export function startTool(executable: string, args: readonly string[], stdio: StdioOptions, options: ToolOptions = {}): ToolProcess {
  throwIfCancelled(options.signal);
  options.onCommand?.(formatCommandLine(executable, args));
  const child = spawn(executable, args, { stdio, windowsHide: true, env: toolEnvironment() });
  rememberForExit(child);
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  options.signal?.addEventListener('abort', kill, { once: true });
  const exited = new Promise<ToolExit>((resolveExit, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      running.delete(child);
      reject(new LongtakeError('ffmpeg-failed',
        `${basename(executable)} could not be started (${cause.code ?? cause.message}): ${executable}`,
        { executable }, { cause }));
    });
    child.once('close', (exitCode, signal) => resolveExit({ exitCode, signal }));
  }).finally(() => options.signal?.removeEventListener('abort', kill));
  // Whoever awaits `exited` still sees a rejection; this only keeps an unawaited one from ending the process.
  exited.catch(() => undefined);
  return {
    child,
    exited,
    stop: async () => {
      kill();
      // Data left in the pipes would otherwise keep 'close' from coming.
      for (const stream of child.stdio) stream?.destroy();
      await exited.catch(() => undefined);
    },
  };
}

export type ToolOutput = ToolExit & { readonly stdout: string; readonly stderr: string };

/** Most that is kept of one stream of {@link runTool}: a hostile file must not fill the memory with messages. */
const maximumOutputLength = 64 * 1024 * 1024;

/**
 * Runs a tool to its end and collects what it wrote. `input` goes to its standard input.
 * Throws `cancelled` when the signal fires, `ffmpeg-failed` when it cannot be started; an exit code is returned.
 */
export async function runTool(executable: string, args: readonly string[], options: ToolOptions & { input?: string } = {}): Promise<ToolOutput> {
  const tool = startTool(executable, args, [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  collect(tool.child.stdout, stdout);
  collect(tool.child.stderr, stderr);
  if (options.input !== undefined && tool.child.stdin) {
    tool.child.stdin.on('error', () => undefined); // it may leave before it has read everything
    tool.child.stdin.end(options.input);
  }
  const exit = await tool.exited;
  throwIfCancelled(options.signal);
  return { ...exit, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') };
}

function collect(stream: NodeJS.ReadableStream | null, into: Buffer[]): void {
  let length = 0;
  stream?.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= maximumOutputLength) into.push(chunk);
  });
}

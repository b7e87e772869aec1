import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import path from 'node:path';

const main = path.join(import.meta.dirname, '../../engine/cli/main.ts');

export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Starts the command line as a user would, with its own data folder and, but for a `pipe`, nobody at the keyboard. */
export function startCli(home: string, args: readonly string[], environment: Record<string, string> = {}, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { ...process.env, LONGTAKE_HOME: home, ...environment }, stdio,
  });
}

/** `typed`: what comes through a pipe, where there is one. */
export async function runCli(home: string, args: readonly string[], environment: Record<string, string> = {}, typed?: string): Promise<CliResult> {
  const child = startCli(home, args, environment, [typed === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']);
  child.stdin?.end(typed);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => stdout.push(part));
  child.stderr?.on('data', (part: Buffer) => stderr.push(part));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Runs with `--json` and parses what was printed. */
export async function runJson(home: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly value: Record<string, unknown>; readonly stderr: string }> {
  const { code, stdout, stderr } = await runCli(home, [...args, '--json']);
  if (stdout === '') throw new Error(`nothing on stdout, exit ${code}: ${stderr}`);
  const value: unknown = JSON.parse(stdout);
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${stdout}`);
  return { code, value: { ...value }, stderr };
}

import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

type HandOver = { readonly argv: readonly string[]; readonly workingDirectory: string; readonly data: unknown };

/** Resolves once what was handed over has been sent: the second instance must not end before. */
export let handedOver: Promise<void> = Promise.resolve();

/**
 * One instance a user-data folder, as Electron has it: the second gets false and its command line goes to the first.
 */
export function lockInstance(userData: string, data: unknown, onSecond: (handOver: HandOver) => void): boolean {
  mkdirSync(userData, { recursive: true });
  const file = path.join(userData, 'double.lock');
  const socket = path.join(tmpdir(), `longtake-double-${createHash('sha256').update(userData).digest('hex').slice(0, 16)}.sock`);
  if (!take(file)) {
    handedOver = new Promise((resolve) => {
      const second: HandOver = { argv: process.argv, workingDirectory: process.cwd(), data };
      connect(socket).on('error', () => { resolve(); }).on('close', () => { resolve(); }).end(JSON.stringify(second));
    });
    return false;
  }
  rmSync(socket, { force: true });
  createServer((client) => {
    let text = '';
    client.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => { onSecond(JSON.parse(text) as HandOver); });
  }).listen(socket).unref();
  process.on('exit', () => {
    rmSync(socket, { force: true });
    rmSync(file, { force: true });
  });
  return true;
}

/** A lock of a process that has gone is nobody's. */
function take(file: string): boolean {
  try {
    writeSync(openSync(file, 'wx'), String(process.pid));
    return true;
  } catch {
    const holder = Number(readFileSync(file, 'utf8'));
    try {
      process.kill(holder, 0);
      return false;
    } catch {
      rmSync(file, { force: true });
      return take(file);
    }
  }
}

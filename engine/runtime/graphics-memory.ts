import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { promisify } from 'node:util';

let known: Promise<number | null> | undefined;

/**
 * Memory of the largest graphics card, in bytes; null where it cannot be known. WebGPU does not tell. NVIDIA's driver
 * tool and Linux' amdgpu do; on Apple silicon graphics use the RAM, of which about three quarters can be theirs.
 */
export function graphicsMemory(): Promise<number | null> {
  return known ??= read();
}

async function read(): Promise<number | null> {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? 0.75 * totalmem() : null;
  const found = [...await nvidia(), ...await amd()];
  return found.length === 0 ? null : Math.max(...found);
}

async function nvidia(): Promise<number[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=memory.total', '--format=csv,noheader,nounits'], { timeout: 5000, windowsHide: true });
    return stdout.trim().split('\n').map((line) => Number(line) * 1024 * 1024).filter((bytes) => bytes > 0);
  } catch {
    return [];
  }
}

async function amd(): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const root = '/sys/class/drm';
  const cards = (await readdir(root).catch(() => [])).filter((name) => /^card\d+$/u.test(name));
  const sizes = await Promise.all(cards.map((card) => readFile(`${root}/${card}/device/mem_info_vram_total`, 'utf8').then(Number, () => 0)));
  return sizes.filter((bytes) => bytes > 0);
}

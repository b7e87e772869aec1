// The door to every npm script. It may run before anything is installed and on the machine's own Node (>= 20),
// so it stays plain JavaScript: install what is missing, then hand over to the Node that the project brings.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [command = 'start', ...rest] = process.argv.slice(2);

const minimumMajor = 20;
if (Number(process.versions.node.split('.')[0]) < minimumMajor) {
  console.error(`Longtake needs Node ${minimumMajor} or newer to start, this is ${process.version}. Install it from nodejs.org.`);
  process.exit(1);
}

/** A stamp in node_modules says which lock file it was installed from, so that a pulled change installs again. */
function installIfMissing() {
  const lock = path.join(root, 'package-lock.json');
  const stamp = path.join(root, 'node_modules', '.longtake-installed');
  const want = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want && existsSync(bundledNode())) return;
  console.error('Installing what Longtake needs (once, a minute or two) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('npm ci failed (its own message stands above). Check the network and run the same command again.');
    process.exit(1);
  }
  if (!existsSync(bundledNode())) {
    console.error(`No Node 26 is published for ${process.platform}-${process.arch} as a package. Install Node 26 and set LONGTAKE_NODE to its path.`);
    process.exit(1);
  }
  writeFileSync(stamp, want);
}

/** The Node 26 that came as an optional dependency for this platform (LONGTAKE_NODE overrides it). */
function bundledNode() {
  if (process.env.LONGTAKE_NODE) return process.env.LONGTAKE_NODE;
  const name = process.platform === 'darwin' ? `node-bin-darwin-${process.arch}`
    : `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = path.join(root, 'node_modules', name, 'bin');
  return path.join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Keeps memory from growing with the video: see heapFlags in engine/server/engine-process.ts. */
const heapFlags = ['--max-semi-space-size=2'];
const cli = path.join(root, 'engine', 'cli', 'main.ts');
const commands = {
  start: () => [...heapFlags, cli, 'start', ...rest],
  longtake: () => [...heapFlags, cli, ...rest],
  test: () => [path.join(root, 'scripts', 'test.ts'), ...rest],
  check: () => [path.join(root, 'scripts', 'check.ts'), ...rest],
  screenshots: () => [path.join(root, 'scripts', 'screenshots.ts'), ...rest],
};
const makeArguments = commands[command];
if (makeArguments === undefined) {
  console.error(`Unknown script "${command}". Known: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}

installIfMissing();
const executable = bundledNode();
if (!statSync(executable).isFile()) throw new Error(`${executable} is not a file`);
const child = spawn(executable, ['--disable-warning=ExperimentalWarning', ...makeArguments()], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
  env: {
    // Keeps memory from growing while graphs run: see allocatorEnvironment in engine/server/engine-process.ts.
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1000000',
    // Types are stripped and code is compiled once, not at every start: half of what `longtake --help` takes.
    NODE_COMPILE_CACHE: path.join(root, '.cache', 'compiled'),
    ...process.env,
    PATH: `${path.dirname(executable)}${path.delimiter}${process.env.PATH ?? ''}`,
  },
});
// Ctrl-C reaches the child through the terminal; the launcher only waits for it to stop cleanly.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => { if (signal !== 'SIGINT') child.kill(signal); });
}
child.on('exit', (code, signal) => { process.exit(signal ? 128 + constants.signals[signal] : code ?? 1); });

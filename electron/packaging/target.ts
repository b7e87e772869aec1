import { LongtakeError } from '../../engine/protocol/errors.ts';

/** What a package is made for. */
export type PackageTarget = { readonly platform: 'linux' | 'darwin' | 'win32'; readonly architecture: 'x64' | 'arm64' };

const supported: readonly PackageTarget[] = [
  { platform: 'linux', architecture: 'x64' }, { platform: 'linux', architecture: 'arm64' },
  { platform: 'darwin', architecture: 'arm64' }, { platform: 'win32', architecture: 'x64' },
];

/** This machine. Its own Node, ffmpeg and onnxruntime are what npm installed, so a package is made where it is meant for. */
export function currentTarget(platform: string = process.platform, architecture: string = process.arch): PackageTarget {
  const found = supported.find((one) => one.platform === platform && one.architecture === architecture);
  if (found !== undefined) return found;
  const list = supported.map((one) => `${one.platform}-${one.architecture}`).join(', ');
  throw new LongtakeError('bad-argument', `There is no package for ${platform}-${architecture}: Node, ffmpeg and onnxruntime are published together only for ${list}.`, { platform, architecture });
}

import path from 'node:path';

export type EngineLocation = { readonly node: string; readonly entry: string; readonly renderer: string };

/**
 * Where the engine lies and the plain Node that runs it. In a package it stands beside the asar, because a plain Node
 * cannot read inside of one. Never `process.execPath`: every Electron process dies on an allocation over about 2 GiB
 * (docs/packaging.md).
 */
export function locateEngine({ packaged, resourcesPath, mainDirectory, environment }: {
  readonly packaged: boolean; readonly resourcesPath: string; readonly mainDirectory: string; readonly environment: NodeJS.ProcessEnv;
}): EngineLocation {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const renderer = path.join(mainDirectory, '..', 'renderer');
  if (packaged) {
    const directory = path.join(resourcesPath, 'engine');
    return { node: path.join(directory, 'bin', executable), entry: path.join(directory, 'engine', 'server', 'child.ts'), renderer };
  }
  const root = path.join(mainDirectory, '..', '..');
  return {
    node: environment['LONGTAKE_NODE'] ?? path.join(root, 'node_modules', nodePackage(process.platform, process.arch), 'bin', executable),
    entry: path.join(root, 'engine', 'server', 'child.ts'), renderer,
  };
}

/** The npm package that carries Node for a platform. */
export function nodePackage(platform: string, architecture: string): string {
  return platform === 'darwin' ? `node-bin-darwin-${architecture}` : `node-${platform === 'win32' ? 'win' : platform}-${architecture}`;
}

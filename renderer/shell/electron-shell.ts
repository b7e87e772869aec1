import type { ElectronBridge } from '../../electron/bridge.ts';
import { LongtakeError } from '../../engine/protocol/errors.ts';
import type { Shell } from './shell.ts';

export function electronShell(bridge: ElectronBridge): Shell {
  return {
    ...bridge,
    kind: 'electron',
    mediaAddress: (resource) => `media://longtake/${resource}`,
    lookAtHost: () => Promise.resolve('there'),
    bringIn: (file) => {
      const path = bridge.pathOf(file);
      if (path === undefined || path === '') return Promise.reject(new LongtakeError('file-not-found', `"${file.name}" is not a file on this machine. Save it to a folder first, then drop it here.`, { name: file.name }));
      return Promise.resolve(path);
    },
    bringBeside(subtitles, { name, path }) {
      // They are found where they lie.
      if (bridge.pathOf(subtitles)?.slice(0, -subtitles.name.length) === path.slice(0, -name.length)) return Promise.resolve();
      return Promise.reject(new LongtakeError('bad-argument', `"${subtitles.name}" lies in another folder than its video. Move it beside "${name}" to have it shown.`, { name: subtitles.name }));
    },
    async takeFile(options, write) {
      const file = await bridge.saveFile(options);
      return file === undefined ? undefined : (await write(file))?.fileName;
    },
  };
}

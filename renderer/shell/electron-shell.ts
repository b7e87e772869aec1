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
    async takeFile(options, write) {
      const file = await bridge.saveFile(options);
      return file === undefined ? undefined : (await write(file))?.fileName;
    },
  };
}

import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Configuration, FileAssociation } from 'electron-builder';
import { memoryExtension, memoryMimeType, videoMimeTypes } from '../file-kinds.ts';
import type { Staged } from './stage.ts';

/** Fuses of the release: what the Electron program itself may still be made to do. docs/packaging.md says why each. */
export const fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
} as const;

/** The app's own kind is its own to open; for videos it is one program of several. */
export const fileAssociations: FileAssociation[] = [
  { ext: memoryExtension, name: 'Longtake memory', description: 'Longtake memory', mimeType: memoryMimeType, role: 'Editor', rank: 'Owner' },
  ...Object.entries(videoMimeTypes).map(([ext, mimeType]): FileAssociation => ({ ext, name: 'Video', description: 'Video', mimeType, role: 'Viewer', rank: 'Alternate' })),
];

export type BuilderOptions = {
  readonly root: string;
  readonly staged: Staged;
  /** Where packages come out. */
  readonly output: string;
  readonly electronVersion: string;
  /** An unpacked Electron or its zip, instead of one that electron-builder downloads. */
  readonly electronDistribution?: string;
};

/** What electron-builder makes of a staged package: .deb and AppImage, dmg, or an NSIS installer. */
export function builderConfiguration({ root, staged, output, electronVersion, electronDistribution }: BuilderOptions): Configuration {
  const icons = path.join(root, 'resources', 'icons');
  return {
    appId: 'org.longtake.Longtake',
    productName: 'Longtake',
    copyright: 'The authors of Longtake. Apache License 2.0.',
    directories: { app: staged.app, output, buildResources: icons },
    electronVersion,
    ...(electronDistribution !== undefined && { electronDist: electronDistribution }),
    // The languages that the app speaks.
    electronLanguages: ['en-US', 'zh-CN'],
    asar: true,
    files: ['**/*'],
    extraResources: [{ from: staged.resources, to: '.', filter: ['**/*'] }],
    // Nothing to install: the bundles hold what main and renderer need, the engine brings its own packages.
    beforeBuild: () => Promise.resolve(false),
    // Electron's own first page, which stays where the distribution is given and not downloaded.
    afterExtract: ({ appOutDir }) => rm(path.join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    electronFuses: { ...fuses },
    fileAssociations,
    publish: null,
    linux: {
      target: ['deb', 'AppImage'], icon: path.join(icons, 'png'), category: 'AudioVideo', executableName: 'longtake', syncDesktopName: true,
      synopsis: 'Chat with hour-long local videos', maintainer: 'The authors of Longtake <longtake@localhost>', vendor: 'Longtake',
      desktop: { entry: { Keywords: 'video;chat;timeline;' } },
    },
    // The profile lets the sandbox have its user namespaces on Ubuntu 24.04 and later; AppImage has no place for one.
    deb: { appArmorProfile: path.join(root, 'electron', 'packaging', 'apparmor-profile'), packageCategory: 'video' },
    mac: { target: [{ target: 'dmg', arch: ['arm64'] }], icon: path.join(icons, 'longtake.icns'), category: 'public.app-category.video', hardenedRuntime: true },
    win: { target: ['nsis'], icon: path.join(icons, 'longtake.ico') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  };
}

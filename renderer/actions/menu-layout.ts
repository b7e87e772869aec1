import type { Action } from './action.ts';

/** One entry of a menu: an action, a line, or a menu in the menu. */
export type Place =
  | 'separator'
  /** With words of its own where those of the action say again what the menu above says. */
  | { readonly action: string; readonly labelKey?: string }
  | { readonly submenu: string; readonly places: readonly Place[] };

const run = (...ids: readonly string[]): readonly Place[] => ids.map((action) => ({ action }));

const zooms = run('playback.zoomIn', 'playback.zoomOut', 'playback.zoomWhole');
const ranges: readonly Place[] = [...run('playback.rangeStart', 'playback.rangeEnd', 'playback.clearRange'), 'separator', ...run('playback.askRange')];

/**
 * Where the actions stand in the menu: what is used most on top, what belongs together between two lines, and a family of
 * more than two in a menu of its own, so that none is longer than a glance.
 */
export const menuLayout: Readonly<Record<Action['menu'], readonly Place[]>> = {
  file: [
    ...run('file.open', 'file.openFolder'), 'separator',
    ...run('file.newFolder', 'file.moveToFolder'), 'separator',
    ...run('file.importMemory', 'file.exportMemory'), 'separator',
    ...run('file.removeVideo'), 'separator',
    ...run('file.settings'),
  ],
  edit: run('edit.undo'),
  view: [
    ...run('view.palette', 'view.search'), 'separator',
    ...run('view.toggleRail', 'view.video', 'view.conversation'), 'separator',
    {
      submenu: 'app.menu.appearance',
      places: [
        { action: 'view.themeSystem', labelKey: 'settings.looks.system' },
        { action: 'view.themeLight', labelKey: 'settings.looks.light' },
        { action: 'view.themeDark', labelKey: 'settings.looks.dark' },
      ],
    },
  ],
  playback: [
    ...run('playback.toggle'),
    {
      submenu: 'app.menu.jump',
      places: [
        ...run('playback.back', 'playback.forward', 'playback.backSecond', 'playback.forwardSecond', 'playback.backMinute', 'playback.forwardMinute'), 'separator',
        ...run('playback.previousFrame', 'playback.nextFrame'), 'separator',
        ...run('playback.previousMark', 'playback.nextMark'),
      ],
    },
    {
      submenu: 'app.menu.chapters',
      places: [
        ...run('chapters.previous', 'chapters.next'), 'separator',
        ...run('chapters.show', 'chapters.make', 'chapters.stop', 'chapters.remove'), 'separator',
        ...run('chapters.exportSrt', 'chapters.exportCsv', 'chapters.exportYoutube'),
      ],
    },
    { submenu: 'app.menu.speed', places: run('playback.slower', 'playback.normalRate', 'playback.faster') },
    'separator',
    ...run('playback.mute', 'playback.subtitles'), 'separator',
    { submenu: 'app.menu.timeline', places: zooms },
    { submenu: 'app.menu.range', places: ranges },
    'separator',
    ...run('playback.fullscreen', 'playback.pictureInPicture'),
  ],
  conversation: [
    ...run('conversation.new', 'conversation.askSeveral', 'conversation.rename'), 'separator',
    ...run('conversation.stop', 'conversation.regenerate'), 'separator',
    {
      submenu: 'app.menu.export',
      places: [
        { action: 'conversation.exportMarkdown', labelKey: 'app.menu.markdown' },
        { action: 'conversation.exportHtml', labelKey: 'app.menu.html' },
        { action: 'conversation.exportJson', labelKey: 'app.menu.json' },
      ],
    },
    'separator',
    ...run('conversation.remove'),
  ],
  help: [...run('help.sample', 'help.shortcuts'), 'separator', ...run('help.about')],
};

/** Of the picture, where the pointer is. */
export const pictureMenu = menuLayout.playback;
/** Of the timeline, where the pointer is. */
export const timelineMenu: readonly Place[] = [...ranges, 'separator', ...zooms];

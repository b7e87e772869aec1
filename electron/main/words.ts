/** The few words that main says itself. Everything else comes from the page, which knows its language. */
const english = {
  videos: 'Videos',
  memories: 'Longtake memories',
  allFiles: 'All files',
  openTitle: 'Open this address in your browser?',
  open: 'Open',
  cancel: 'Cancel',
  notOpenedTitle: 'Longtake does not open this address',
  notOpenedDetail: 'It may come from an answer of the model. Copy it and look at it first.',
  copyAddress: 'Copy address',
  windowFailedTitle: 'The window keeps failing',
  windowFailedDetail: 'The engine runs on and nothing is lost. Loading it again may help.',
  loadAgain: 'Load again',
  quit: 'Quit',
  noSandboxTitle: 'Longtake would run without its sandbox',
  noSandboxDetail: 'This system does not let an AppImage use Chromium\'s sandbox. Install the .deb package, which can. Nothing of the network is loaded either way.',
  runAnyway: 'Run anyway',
};
export type Words = typeof english;

const simplifiedChinese: Words = {
  videos: '视频',
  memories: 'Longtake 记忆',
  allFiles: '所有文件',
  openTitle: '要在浏览器中打开这个地址吗？',
  open: '打开',
  cancel: '取消',
  notOpenedTitle: 'Longtake 不会打开这个地址',
  notOpenedDetail: '它可能来自模型的回答。请先复制并检查。',
  copyAddress: '复制地址',
  windowFailedTitle: '窗口反复出错',
  windowFailedDetail: '引擎仍在运行，没有丢失任何内容。重新加载可能有帮助。',
  loadAgain: '重新加载',
  quit: '退出',
  noSandboxTitle: 'Longtake 将在没有沙盒的情况下运行',
  noSandboxDetail: '此系统不允许 AppImage 使用 Chromium 的沙盒。请安装 .deb 软件包。无论如何都不会从网络加载任何内容。',
  runAnyway: '仍然运行',
};

/** By a language tag as `<html lang>` has it. */
export function wordsOf(language: string): Words {
  return language.toLowerCase().startsWith('zh') ? simplifiedChinese : english;
}

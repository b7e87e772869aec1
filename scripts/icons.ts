/**
 * Draws resources/icons/icon.svg in the sizes that systems want: PNG for Linux, ICO for Windows, ICNS for macOS. Run
 * after a change of the drawing; what it makes is kept in the repository, so that packaging needs no browser.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../tests/support/chromium.ts';

const directory = path.join(import.meta.dirname, '..', 'resources', 'icons');
const pngSizes = [16, 32, 48, 64, 128, 256, 512, 1024];
const icoSizes = [16, 32, 48, 64, 256];
/** Apple's names of the sizes that are PNG inside. */
const icnsTypes: Readonly<Record<string, number>> = { icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 };

const svg = readFileSync(path.join(directory, 'icon.svg'), 'utf8');
const pictures = new Map<number, Buffer>();
const browser = await launchChromium('graphics');
try {
  const page = await browser.newPage();
  for (const size of pngSizes) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<body style="margin:0">${svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `)}`);
    pictures.set(size, await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}

mkdirSync(path.join(directory, 'png'), { recursive: true });
for (const [size, picture] of pictures) writeFileSync(path.join(directory, 'png', `${size}x${size}.png`), picture);
writeFileSync(path.join(directory, 'longtake.ico'), makeIco(icoSizes));
writeFileSync(path.join(directory, 'longtake.icns'), makeIcns());

function picture(size: number): Buffer {
  const found = pictures.get(size);
  if (found === undefined) throw new Error(`No picture of ${size} pixels was drawn.`);
  return found;
}

/** A directory of 16 bytes a picture, then the pictures; a side of 256 is written as 0. */
function makeIco(sizes: readonly number[]): Buffer {
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  for (const [index, size] of sizes.entries()) {
    const entry = 6 + 16 * index;
    header.writeUInt8(size % 256, entry);
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(picture(size).length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += picture(size).length;
  }
  return Buffer.concat([header, ...sizes.map(picture)]);
}

/** Blocks of a type, their length with these eight bytes, and a picture. */
function makeIcns(): Buffer {
  const blocks = Object.entries(icnsTypes).map(([type, size]) => block(type, picture(size)));
  return block('icns', Buffer.concat(blocks));
}

function block(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([header, content]);
}

/** Run on a drive of one megabyte: downloads until the drive is full, makes room and goes on. Prints what happened as JSON. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HubConnection } from '../../engine/checkpoint/hub/connection.ts';
import { downloadFiles } from '../../engine/checkpoint/hub/download.ts';
import { readRepository } from '../../engine/checkpoint/hub/repository.ts';
import { isLongtakeError } from '../../engine/protocol/errors.ts';
import { fakeRepository, startFakeHub } from './fake-hub.ts';

const [drive = ''] = process.argv.slice(2);
const file = Uint8Array.from({ length: 400_000 }, (_, index) => index * 7);
await using hub = await startFakeHub({ files: new Map([['model.safetensors', file]]) });
using connection = new HubConnection({ endpoint: hub.endpoint, environment: {} });
const repository = await readRepository(connection, fakeRepository, 'main');
const filler = path.join(drive, 'filler');

async function download(): Promise<{ code: string; message: string } | null> {
  try {
    // The forecast is satisfied, so that the drive fills up while bytes come: another program may write as well.
    await downloadFiles(connection, repository, repository.files, path.join(drive, 'model'), { pieceBytes: 32_768, reserveBytes: -1_000_000_000 });
    return null;
  } catch (error) {
    if (!isLongtakeError(error)) throw error;
    return { code: error.code, message: error.message };
  }
}

const { bavail, bsize } = statfsSync(drive);
writeFileSync(filler, Buffer.alloc(bavail * bsize - 200_000));
const full = await download();
rmSync(filler);
const before = hub.requests.length;
const then = await download();
console.log(JSON.stringify({ full, then, requestsAfter: hub.requests.slice(before).filter(({ host }) => host === 'storage').length }));

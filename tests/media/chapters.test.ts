import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, suite, test } from 'node:test';
import { probeVideo } from '../../engine/media/index.ts';
import { probeReport } from '../../engine/media/probe-report.ts';
import { ffmpeg, generations, h264, makeFolder, numbered } from './zoo.ts';

let folder: Awaited<ReturnType<typeof makeFolder>>;

before(async () => {
  folder = await makeFolder();
  await writeFile(folder.path('chapters.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=Arrival \\= 到达\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=4000\n');
  for (const container of ['mkv', 'mp4']) {
    await ffmpeg(...numbered('5', 4), '-i', folder.path('chapters.txt'), '-map', '0:v', '-map_chapters', '1', ...h264, folder.path(`film.${container}`));
  }
});
after(() => folder.dispose());

suite('chapters of a file', () => {
  for (const { name, tools } of generations) {
    for (const container of ['mkv', 'mp4']) {
      test(`are read from an ${container} with ffprobe of ${name}`, async () => {
        const { chapters } = await probeVideo(folder.path(`film.${container}`), { tools });
        assert.deepEqual(chapters.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]), [[0, 1.5], [1.5, 4]]);
        assert.equal(chapters[0]?.title, 'Arrival = 到达');
      });
    }
  }

  test('that have no times are none, and the film is one all the same', () => {
    const report = { format: { format_name: 'matroska' }, streams: [], chapters: [{ start_time: 'N/A', end_time: '3' }] };
    assert.deepEqual(probeReport.parse(report).chapters, []);
    assert.deepEqual(probeReport.parse({ format: { format_name: 'matroska' } }).chapters, []);
  });
});

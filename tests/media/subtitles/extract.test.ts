import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, describe, test } from 'node:test';
import { extractSubtitles, probeVideo } from '../../../engine/media/index.ts';
import { failsWith, ffmpeg, generations, h264, makeFolder } from '../zoo.ts';

const folder = await makeFolder();
const file = folder.path;
after(folder.dispose);

const srt = '1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>\n\n2\n00:00:04,000 --> 00:00:05,000\nTwo\nlines\n';
const ass = `[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\pos(10,10)\\i1}Hello{\\i0} there
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,Two\\Nlines
`;
const expected = [{ startSeconds: 1, endSeconds: 2.5, text: 'Hello there' }, { startSeconds: 4, endSeconds: 5, text: 'Two\nlines' }];

await writeFile(file('source.srt'), srt);
await writeFile(file('source.ass'), ass);
const video = ['-f', 'lavfi', '-i', 'color=black:s=32x32:r=5:d=6'];
await Promise.all([
  ffmpeg(...video, '-i', file('source.srt'), ...h264, '-c:s', 'mov_text', '-metadata:s:s:0', 'language=eng', file('mov-text.mp4')),
  ffmpeg(...video, '-i', file('source.srt'), '-i', file('source.ass'), '-map', '0', '-map', '1', '-map', '2', ...h264, '-c:s:0', 'subrip', '-c:s:1', 'ass',
    '-metadata:s:s:0', 'language=ger', '-metadata:s:s:0', 'title=Für alle', file('two-tracks.mkv')),
  ffmpeg(...video, '-i', file('source.srt'), '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:s', 'webvtt', file('webvtt.webm')),
  ffmpeg(...video, '-i', file('source.srt'), ...h264, '-c:s', 'subrip', '-output_ts_offset', '50', file('late.mkv')),
  ffmpeg(...video, ...h264, file('bare.mp4')),
]);
await Promise.all([
  writeFile(file('bare.en.srt'), srt),
  writeFile(file('bare.de.ass'), ass),
  writeFile(file('bare.vtt'), 'WEBVTT\n\n00:01.000 --> 00:02.500\nHello there\n\n00:04.000 --> 00:05.000\nTwo\nlines\n'),
  writeFile(file('bare.fr.srt'), 'no cue at all'),
]);

for (const { name: generation, tools } of generations) {
  describe(`subtitles with the ${generation} ffmpeg`, () => {
    test('text tracks of MP4, Matroska and WebM come out alike, with their languages', async () => {
      const read = async (name: string) => extractSubtitles(file(name), await probeVideo(file(name), { tools }), { tools });
      assert.deepEqual(await read('mov-text.mp4'), { tracks: [{ source: 'embedded', language: 'eng', cues: expected }], warnings: [] });
      assert.deepEqual((await read('webvtt.webm')).tracks.map(({ cues }) => cues), [expected]);
      assert.deepEqual(await read('two-tracks.mkv'), {
        tracks: [{ source: 'embedded', language: 'ger', title: 'Für alle', cues: expected }, { source: 'embedded', cues: expected }],
        warnings: [],
      });
    });

    test('times count from the start of the video, wherever its clock starts', async () => {
      const probe = await probeVideo(file('late.mkv'), { tools });
      assert.ok(Math.abs(probe.startSeconds - 50) < 0.5);
      assert.deepEqual((await extractSubtitles(file('late.mkv'), probe, { tools })).tracks[0]?.cues, expected);
    });

    test('files beside the video are found, converted and named, and one without text is reported', async () => {
      const { tracks, warnings } = await extractSubtitles(file('bare.mp4'), await probeVideo(file('bare.mp4'), { tools }), { tools });
      assert.deepEqual(tracks, [
        { source: 'sidecar', fileName: 'bare.de.ass', language: 'de', cues: expected },
        { source: 'sidecar', fileName: 'bare.en.srt', language: 'en', cues: expected },
        { source: 'sidecar', fileName: 'bare.vtt', cues: expected },
      ]);
      assert.deepEqual(warnings, ['The subtitle file "bare.fr.srt" has no readable cue and was left out.']);
    });

    test('tracks of pictures are left out, and the user is told', async () => {
      const probe = await probeVideo(file('bare.mp4'), { tools });
      const { warnings } = await extractSubtitles(file('mov-text.mp4'), { ...probe, subtitles: [{ index: 2, codec: 'hdmv_pgs_subtitle', isText: false }] }, { tools });
      assert.match(warnings.join(), /^Subtitle stream 2 is made of pictures \(hdmv_pgs_subtitle\).*Put an \.srt file beside the video/);
    });

    test('stopping is not an error of a track', async () => {
      const probe = await probeVideo(file('bare.mp4'), { tools });
      await failsWith(extractSubtitles(file('bare.mp4'), probe, { tools, signal: AbortSignal.abort() }), 'cancelled', /Stopped/);
    });
  });
}

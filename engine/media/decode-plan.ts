import { fileInputArguments } from './command-line.ts';
import { selectExpression, secondOf } from './frame-selection.ts';
import { orientationOf } from './orientation.ts';
import type { VideoProbe } from './probe.ts';
import type { MediaTools } from './tools.ts';

/**
 * `exact`: every frame is decoded; costs what bare ffmpeg costs (1.00 to 1.03 times its processor time).
 * `fast`: frames that no other frame needs are skipped, and so is the loop filter. On 1080p30 H.264 with three B-frames
 * (x264 veryfast, 5 Mbit/s, noisy) it needs 0.74 times bare ffmpeg's processor time. A second's frame comes late by as many
 * frames as are skipped in a row: 0.033 s at most with B-pyramids (mean 0.002 s), up to 0.1 s with three plain B-frames (0.067 s measured). Frames of the
 * same time differ by 35 dB. tests/bench/ingest-media.ts measures all of it.
 */
export type ReadMode = 'exact' | 'fast';

export type DecodePlan = {
  readonly args: readonly string[];
  /** Names this run's showinfo filter in the log. */
  readonly nonce: string;
  readonly thumbnailHeight: number;
  /** Where decoding begins: 0, or short of the point to resume at. */
  readonly startSecond: number;
  readonly warnings: readonly string[];
};

export type DecodeSettings = {
  readonly imageSize: number;
  readonly thumbnailWidth: number;
  readonly mode: ReadMode;
  readonly resumeAfterPtsSeconds?: number | undefined;
  readonly nonce: string;
};

/** PIL's bicubic kernel (a = -0.5), which the tower was trained with; swscale's own default is a = -0.6. */
const bicubic = 'flags=bicubic+accurate_rnd+full_chroma_int:param0=0:param1=0.5';

/**
 * Containers whose index leads to a key frame and whose timestamps never jump. In the others (MPEG transport streams,
 * raw streams, AVI with packed B-frames) a seek may land where the timeline counts differently.
 */
const seekableContainers = /^(mov,mp4|matroska,webm)/;

/**
 * Decoding begins this long before the point to resume at: more than the refresh period of streams that are refreshed
 * gradually instead of by key frames (x264's default is 250 frames), so that every picture is complete again by then.
 */
const seekMarginSeconds = 20;

/** The ffmpeg command of one reading pass. Pure: the same inputs give the same command. */
export function planDecode(probe: VideoProbe, settings: DecodeSettings, tools: Pick<MediaTools, 'hasFpsMode' | 'hasToneMapping'>): DecodePlan {
  const thumbnailHeight = chooseThumbnailHeight(probe, settings.thumbnailWidth);
  const warnings: string[] = [];
  if (probe.video.hdr !== 'none' && !tools.hasToneMapping) {
    warnings.push('This is an HDR video and this ffmpeg cannot map its brightness (no zscale filter): frames will look washed out.');
  }
  const isSeekable = seekableContainers.test(probe.container);
  const resumeSecond = settings.resumeAfterPtsSeconds === undefined ? 0 : secondOf(settings.resumeAfterPtsSeconds) + 1;
  const startSecond = isSeekable ? Math.max(0, resumeSecond - seekMarginSeconds) : 0;
  const passThrough = tools.hasFpsMode ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];
  return {
    nonce: settings.nonce,
    thumbnailHeight,
    startSecond,
    warnings,
    args: [
      '-nostdin', '-hide_banner', '-nostats', '-loglevel', 'level+info',
      // Rotating is cheaper after scaling, so ffmpeg must not do it first.
      '-noautorotate',
      ...(settings.mode === 'fast' ? ['-skip_frame', 'noref', '-skip_loop_filter', 'all'] : []),
      // One timeline for whole and resumed reading. Elsewhere ffmpeg's own correction of jumping clocks is wanted.
      ...(isSeekable ? ['-copyts', '-start_at_zero'] : []),
      ...(startSecond > 0 ? ['-ss', String(startSecond)] : []),
      ...fileInputArguments(probe.path),
      '-filter_complex', filterGraph(probe, settings, thumbnailHeight, tools.hasToneMapping),
      '-map', '[frames]', ...passThrough, '-c:v', 'rawvideo', '-f', 'rawvideo', 'pipe:1',
      '-map', '[thumbnails]', ...passThrough, '-c:v', 'mjpeg', '-q:v', '6', '-f', 'image2pipe', 'pipe:3',
    ],
  };
}

/**
 * Only the select (and the deinterlacer, where it is needed) sees every frame; all else works on one frame a second.
 * The tower's picture is squashed to a square, so pixel aspect only matters for the thumbnail. Turning comes last and is
 * exact, because the bicubic kernel is the same in both directions.
 */
function filterGraph(probe: VideoProbe, settings: DecodeSettings, thumbnailHeight: number, hasToneMapping: boolean): string {
  const { video } = probe;
  const { filters: turns, swapsAxes } = orientationOf(video.rotationDegrees, video.mirrored);
  const size = settings.imageSize;
  const [thumbnailColumns, thumbnailRows] = swapsAxes ? [thumbnailHeight, settings.thumbnailWidth] : [settings.thumbnailWidth, thumbnailHeight];
  // Acts on frames that are flagged as interlaced and passes others through.
  const deinterlace = video.fieldOrder === 'progressive' ? [] : ['bwdif=mode=send_frame:deint=interlaced'];
  const toRgb = video.hdr !== 'none' && hasToneMapping ? toneMapping(video.hdr, video.fullRange) : ['format=rgb24'];
  return [
    `[0:${video.index}]${[...deinterlace, `select='${selectExpression}'`, 'settb=AVTB', 'split'].join(',')}[a][b]`,
    `[a]${[`scale=${size}:${size}:${bicubic}`, ...toRgb, ...turns, `showinfo@${settings.nonce}`].join(',')}[frames]`,
    // Through RGB, so that the JPEG has JPEG's own colour matrix and range whatever the video's are.
    `[b]${[`scale=${thumbnailColumns}:${thumbnailRows}:${bicubic}`, ...toRgb, ...turns, 'setsar=1', 'scale=out_range=full', 'format=yuvj420p'].join(',')}[thumbnails]`,
  ].join(';');
}

/**
 * HDR to what a picture file can hold (BT.709, Hable's curve at 100 nits), on the scaled picture. The models learnt from
 * ordinary video; a plain conversion of PQ or HLG would give them flat grey pictures. The input is named outright, because
 * zscale refuses a picture whose tags are incomplete.
 */
export function toneMapping(hdr: 'pq' | 'hlg', fullRange: boolean): string[] {
  const transfer = hdr === 'pq' ? 'smpte2084' : 'arib-std-b67';
  return [
    'format=yuv444p10le',
    `zscale=tin=${transfer}:min=bt2020nc:pin=bt2020:rin=${fullRange ? 'full' : 'limited'}:t=linear:npl=100`,
    'format=gbrpf32le', 'zscale=p=bt709', 'tonemap=tonemap=hable:desat=0', 'zscale=t=bt709:r=full', 'format=gbrp', 'format=rgb24',
  ];
}

/** Even, in the display's proportions, and never absurd for very narrow pictures. */
function chooseThumbnailHeight(probe: VideoProbe, thumbnailWidth: number): number {
  const exact = (thumbnailWidth * probe.video.displayHeight) / probe.video.displayWidth;
  return Math.min(3 * thumbnailWidth, Math.max(2, 2 * Math.round(exact / 2)));
}

import { LongtakeError } from '../protocol/errors.ts';
import { showPath } from './command-line.ts';
import { parseDisplayMatrix } from './orientation.ts';
import type { ProbeReport, ProbeStream } from './probe-report.ts';

export type VideoStream = {
  /** ffmpeg's index of the stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** As stored. */
  readonly width: number;
  readonly height: number;
  /** As shown: pixel aspect and rotation applied, rounded. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  /** Clockwise. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
  readonly mirrored: boolean;
  readonly sampleAspectRatio: number;
  /** Frames per second over the whole file; 0 where the file does not say. */
  readonly averageFrameRate: number;
  readonly fieldOrder: 'progressive' | 'interlaced' | 'unknown';
  readonly pixelFormat: string;
  readonly bitDepth: number;
  readonly hdr: 'none' | 'pq' | 'hlg';
  readonly fullRange: boolean;
  /** Of this stream alone, where the file says it. */
  readonly durationSeconds?: number;
};

export type AudioStream = { readonly index: number; readonly codec: string; readonly channels: number; readonly sampleRate: number; readonly language?: string; readonly title?: string };
export type SubtitleStream = {
  readonly index: number;
  readonly codec: string;
  /** False for pictures of text (DVD, Blu-ray, DVB), which would need character recognition. */
  readonly isText: boolean;
  readonly language?: string;
  readonly title?: string;
};
export type Chapter = { readonly startSeconds: number; readonly endSeconds: number; readonly title?: string };

export type VideoDescription = {
  /** ffmpeg's names for the container, such as "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly container: string;
  /** Absent where the file does not say (a live recording, a raw stream): see `measureDuration`. */
  readonly durationSeconds?: number;
  /** The container's first timestamp: second 0 of the presentation. */
  readonly startSeconds: number;
  readonly video: VideoStream;
  readonly audio: readonly AudioStream[];
  readonly subtitles: readonly SubtitleStream[];
  readonly chapters: readonly Chapter[];
  /** What whoever made the file wrote about it. */
  readonly comment?: string;
};

const textSubtitles = new Set(['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text', 'eia_608', 'ttml', 'microdvd', 'subviewer']);
/** Demuxers that open things which are no video file: lists of other files, text shown as a picture. */
const notVideoContainers = /^(hls|concat|dash|sdp|rtsp|tty|lrc|ffmetadata|webvtt|srt|ass|data|bin|ansi|xbin|idf|adf)$/;
/** A single picture, under ffmpeg's names for the demuxers. */
const pictureContainers = /^(image2|[a-z0-9]+_pipe|ico)$/;

/** Reads ffprobe's report. Pure; throws `not-a-video` and `no-video-stream` with the path that the user gave. */
export function describeProbe(path: string, report: ProbeReport): VideoDescription {
  const name = showPath(path);
  const container = report.format?.format_name ?? '';
  if (notVideoContainers.test(container)) {
    throw new LongtakeError('not-a-video', `${name} is not a video (ffmpeg reads it as "${container}"). Give the video file itself.`, { path, container });
  }
  if (pictureContainers.test(container)) {
    throw new LongtakeError('not-a-video', `${name} is a picture, not a video. Give a video file.`, { path, container });
  }
  const video = chooseVideoStream(report.streams);
  if (!video) {
    const found = report.streams.map((each) => `${each.codec_type ?? 'unknown'} (${each.codec_name ?? 'unknown codec'})`).join(', ');
    throw new LongtakeError('no-video-stream', `${name} has no picture, only: ${found || 'nothing'}. Give a file with a video in it.`, { path, container });
  }
  const startSeconds = report.format?.start_time ?? 0;
  const durationSeconds = report.format?.duration;
  const comment = commentOf(report);
  return {
    container,
    ...(durationSeconds !== undefined && durationSeconds > 0 ? { durationSeconds } : {}),
    startSeconds,
    video: describeVideoStream(path, video),
    audio: report.streams.filter((each) => each.codec_type === 'audio').map((each) => ({
      index: each.index, codec: each.codec_name ?? 'unknown', channels: each.channels ?? 0, sampleRate: each.sample_rate ?? 0, ...labels(each),
    })),
    subtitles: report.streams.filter((each) => each.codec_type === 'subtitle').map((each) => ({
      index: each.index, codec: each.codec_name ?? 'unknown', isText: textSubtitles.has(each.codec_name ?? ''), ...labels(each),
    })),
    chapters: report.chapters.map((each) => ({
      startSeconds: each.start_time - startSeconds, endSeconds: each.end_time - startSeconds, ...(each.tags?.title ? { title: each.tags.title } : {}),
    })),
    ...(comment !== undefined && { comment }),
  };
}

/** MP4 writes the name of the tag small, Matroska in capitals. */
function commentOf({ format }: ProbeReport): string | undefined {
  return Object.entries(format?.tags ?? {}).find(([name]) => name.toLowerCase() === 'comment')?.[1];
}

/** The stream that a player would show: not a cover picture, the default one first. */
function chooseVideoStream(streams: readonly ProbeStream[]): ProbeStream | undefined {
  const moving = streams.filter((each) => each.codec_type === 'video' && each.disposition?.attached_pic !== 1 && each.disposition?.timed_thumbnails !== 1);
  return moving.find((each) => each.disposition?.default === 1) ?? moving[0];
}

function describeVideoStream(path: string, stream: ProbeStream): VideoStream {
  const width = stream.width ?? 0;
  const height = stream.height ?? 0;
  if (width <= 0 || height <= 0) {
    throw new LongtakeError('not-a-video',
      `The video in ${showPath(path)} has no readable picture size (codec ${stream.codec_name ?? 'unknown'}). The file is damaged or of a kind that ffmpeg does not know.`, { path });
  }
  const matrix = stream.side_data_list?.find((each) => each.displaymatrix !== undefined)?.displaymatrix;
  const { rotationDegrees, mirrored, swapsAxes } = parseDisplayMatrix(matrix);
  const sampleAspectRatio = parseRatio(stream.sample_aspect_ratio, ':') || 1;
  const shownWidth = Math.max(1, Math.round(width * sampleAspectRatio));
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    width,
    height,
    displayWidth: swapsAxes ? height : shownWidth,
    displayHeight: swapsAxes ? shownWidth : height,
    rotationDegrees,
    mirrored,
    sampleAspectRatio,
    averageFrameRate: parseRatio(stream.avg_frame_rate, '/') || parseRatio(stream.r_frame_rate, '/'),
    fieldOrder: describeFieldOrder(stream.field_order),
    pixelFormat: stream.pix_fmt ?? 'unknown',
    bitDepth: parseBitDepth(stream),
    hdr: stream.color_transfer === 'smpte2084' ? 'pq' : stream.color_transfer === 'arib-std-b67' ? 'hlg' : 'none',
    fullRange: stream.color_range === 'pc',
    ...durationOf(stream),
  };
}

function durationOf(stream: ProbeStream): { durationSeconds?: number } {
  if (stream.duration !== undefined && stream.duration > 0) return { durationSeconds: stream.duration };
  // Matroska's own statistics: "00:01:02.500000000".
  const [hours, minutes, seconds] = (stream.tags?.DURATION ?? '').split(':').map(Number);
  const total = (hours ?? Number.NaN) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN);
  return total > 0 ? { durationSeconds: total } : {};
}

function describeFieldOrder(fieldOrder: string | undefined): VideoStream['fieldOrder'] {
  if (fieldOrder === 'progressive') return 'progressive';
  return fieldOrder !== undefined && ['tt', 'bb', 'tb', 'bt'].includes(fieldOrder) ? 'interlaced' : 'unknown';
}

/** "30000/1001" or "4:3" as a number; 0 for "0/0", "N/A" and nothing. */
export function parseRatio(text: string | undefined, separator: '/' | ':'): number {
  const [numerator, denominator] = (text ?? '').split(separator).map(Number);
  const ratio = (numerator ?? 0) / (denominator ?? 1);
  return Number.isFinite(ratio) && ratio > 0 ? ratio : 0;
}

function parseBitDepth(stream: ProbeStream): number {
  const fromFormat = /p0?(9|10|12|14|16)(le|be)$/.exec(stream.pix_fmt ?? '') ?? /^(?:p0|gray)(10|12|16)/.exec(stream.pix_fmt ?? '');
  return Number(fromFormat?.[1] ?? (stream.bits_per_raw_sample || 8));
}

function labels(stream: ProbeStream): { language?: string; title?: string } {
  const language = stream.tags?.language;
  const title = stream.tags?.title;
  return { ...(language && language !== 'und' ? { language } : {}), ...(title ? { title } : {}) };
}

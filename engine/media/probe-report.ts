import * as z from 'zod';

/** The part of `ffprobe -of json -show_format -show_streams -show_chapters` that is used. Numbers come as text. */
const numberText = z.coerce.number().optional().catch(undefined);
const tags = z.record(z.string(), z.string()).optional();

const stream = z.looseObject({
  index: z.number(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  pix_fmt: z.string().optional(),
  bits_per_raw_sample: numberText,
  field_order: z.string().optional(),
  color_range: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  start_time: numberText,
  duration: numberText,
  channels: z.number().optional(),
  sample_rate: numberText,
  disposition: z.record(z.string(), z.number()).optional(),
  tags,
  side_data_list: z.array(z.looseObject({ displaymatrix: z.string().optional() })).optional(),
});

export const probeReport = z.looseObject({
  streams: z.array(stream).default([]),
  /** None where one of them has no times: a film is not refused for its chapters. */
  chapters: z.array(z.looseObject({ start_time: z.coerce.number(), end_time: z.coerce.number(), tags })).catch([]),
  format: z.looseObject({
    format_name: z.string(),
    start_time: numberText,
    duration: numberText,
    tags,
  }).optional(),
});

export type ProbeReport = z.infer<typeof probeReport>;
export type ProbeStream = z.infer<typeof stream>;

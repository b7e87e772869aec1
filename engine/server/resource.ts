import { z } from 'zod';

/** How long a page may keep what it was sent. What a name stands for for ever is `immutable`; a file is asked about again. */
const cachingSchema = z.enum(['no-store', 'no-cache', 'immutable']);

const describedSchema = { contentType: z.string(), caching: cachingSchema, downloadName: z.string().exactOptional().describe('to be saved under this name, not shown') };
export const wireResourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), ...describedSchema }),
  z.object({ kind: z.literal('bytes'), base64: z.string(), ...describedSchema }),
]);
/** As it crosses the channel between engine and shell, which carries JSON. */
export type WireResource = z.infer<typeof wireResourceSchema>;

type Described = { readonly contentType: string; readonly caching: z.infer<typeof cachingSchema>; readonly downloadName?: string };

/** What a media path stands for. A shell sends it; a page never sees where it lies. */
export type Resource =
  | Described & { readonly kind: 'file'; readonly path: string }
  | Described & { readonly kind: 'bytes'; readonly bytes: Uint8Array };

export function toWireResource(resource: Resource): WireResource {
  if (resource.kind === 'file') return resource;
  const { bytes, ...described } = resource;
  return { ...described, base64: Buffer.from(bytes).toString('base64') };
}

export function fromWireResource(wire: WireResource): Resource {
  if (wire.kind === 'file') return wire;
  const { base64, ...described } = wire;
  return { ...described, bytes: Buffer.from(base64, 'base64') };
}

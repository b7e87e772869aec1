import type { EngineClient } from '../../protocol/envelope-client.ts';
import { refusal } from './api-error.ts';

const prefix = 'longtake/';

/** An entry of `GET /v1/models`. `name` is shown by clients that know it. */
export type ApiModel = { readonly id: string; readonly object: 'model'; readonly created: number; readonly owned_by: 'longtake'; readonly name: string };

/**
 * The model in use, and once more for each video that it can answer about, so that a client that has no place for a video
 * can choose one as its model: `longtake/demo` and `longtake/demo/<video id>`.
 */
export async function listApiModels(client: EngineClient): Promise<ApiModel[]> {
  const { model } = await client.request('app.info', {});
  const { videos } = await client.request('library.list', {});
  const watched = videos.filter(({ memories }) => memories.some(({ frameCount }) => frameCount > 0));
  return [
    { id: prefix + model.name, object: 'model', created: 0, owned_by: 'longtake', name: `Longtake ${model.name}` },
    ...watched.map(({ id, title, addedAtMs }) => ({
      id: `${prefix}${model.name}/${id}`, object: 'model', created: Math.floor(addedAtMs / 1000), owned_by: 'longtake', name: `${title} (Longtake ${model.name})`,
    } as const)),
  ];
}

/** What a request's `model` says: the model in use, perhaps with a video. Throws `model-not-found` for any other. */
export async function readModel(client: EngineClient, given: string | undefined): Promise<{ readonly id: string; readonly videoId?: string }> {
  const { model: { name } } = await client.request('app.info', {});
  const id = prefix + name;
  if (given === undefined || given === '' || given === 'longtake') return { id };
  const wanted = given.startsWith(prefix) ? given.slice(prefix.length) : given;
  if (wanted === name) return { id };
  if (wanted.startsWith(`${name}/`)) return { id, videoId: wanted.slice(name.length + 1) };
  throw refusal('model', `The model in use is "${id}", not ${JSON.stringify(given)}. Ask for that, or choose another one for everybody: longtake settings set model NAME.`, 'model-not-found');
}

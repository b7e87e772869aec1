import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HubConnection, type HubOptions } from '../checkpoint/hub/connection.ts';
import { fileUrl, readRepository, readText, type HubFile } from '../checkpoint/hub/repository.ts';
import { readConfig } from '../checkpoint/checkpoint.ts';
import { parseConfig } from '../checkpoint/config.ts';
import { composeVilaConfig, isVilaPart, vilaConfigFiles } from '../checkpoint/vila-config.ts';
import { catalogue } from '../models/catalogue.ts';
import { shapeOf } from '../models/families.ts';
import type { ModelShape } from '../models/spec.ts';
import { LongtakeError } from '../protocol/errors.ts';
import { modelNameSchema, type ModelSource } from '../protocol/methods-models.ts';
import type { ModelJobFile } from './model-job-file.ts';

/** A source with its catalogue name looked up. */
export type PlainSource = ModelJobFile['source'];

/** What a source holds, without its weights. */
export type SourceContents = {
  readonly commit: string | null;
  readonly licence: string | null;
  readonly shape: ModelShape;
  /** What is to be downloaded. */
  readonly files: readonly HubFile[];
};

/** Files of a checkpoint that are used; everything else of a repository stays where it is. */
const wanted = /^(config|generation_config|tokenizer|tokenizer_config|added_tokens|special_tokens_map|vocab|model\.safetensors\.index)\.json$|^merges\.txt$|^model[\w.-]*\.safetensors$/u;
/** Whether a file is used: of a checkpoint in VILA's three folders those in them, and the config beside them. */
function isWanted(name: string, isVila: boolean): boolean {
  if (!isVila) return wanted.test(name);
  return name === 'config.json' || (isVilaPart(name) && wanted.test(name.slice(name.indexOf('/') + 1)));
}

const longestConfigBytes = 1024 * 1024;

/** Throws `not-found` for a name that the catalogue does not have. */
export function plainSource(source: ModelSource): PlainSource {
  const mirror = source.kind === 'folder' || source.endpoint === undefined ? {} : { endpoint: source.endpoint };
  switch (source.kind) {
    case 'catalogue': {
      const entry = catalogue.find(({ name }) => name === source.name);
      if (entry === undefined) {
        throw new LongtakeError('not-found', `There is no model "${source.name}" in the catalogue. It has ${catalogue.map(({ name }) => name).join(' and ')}.`, { model: source.name });
      }
      return { kind: 'hub', name: entry.name, repository: entry.repository, revision: entry.revision, ...mirror };
    }
    case 'hub': return { kind: 'hub', name: nameFrom(source.repository.split('/')[1] ?? ''), repository: source.repository, revision: source.revision, ...mirror };
    case 'folder': {
      const directory = path.resolve(source.directory);
      return { kind: 'folder', name: nameFrom(path.basename(directory)), directory };
    }
  }
}

/** What a source holds and which commit that is. Downloads its config, a few kilobytes. */
export async function readSource(source: PlainSource, options: Omit<HubOptions, 'endpoint'>, signal?: AbortSignal): Promise<SourceContents> {
  if (source.kind === 'folder') {
    const file = path.join(source.directory, 'config.json');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new LongtakeError('file-not-found', `There is no checkpoint in ${source.directory}: it has no config.json.`, { path: source.directory }, { cause });
    });
    parseJson(file, text);
    return { commit: null, licence: null, shape: shapeOf(await readConfig(source.directory)), files: [] };
  }
  using connection = new HubConnection({ ...options, endpoint: source.endpoint });
  const repository = await readRepository(connection, source.repository, source.revision, signal);
  const isVila = repository.files.some(({ name }) => name === vilaConfigFiles.llm);
  const files = repository.files.filter(({ name }) => isWanted(name, isVila)).sort((one, other) => one.byteLength - other.byteLength);
  for (const [needed, pattern] of [['config.json', /^config\.json$/u], ['model*.safetensors', /\.safetensors$/u]] as const) {
    if (files.some(({ name }) => pattern.test(name))) continue;
    throw new LongtakeError('checkpoint-unsupported', `${source.repository} has no ${needed}: it is no checkpoint that Longtake can use.`, { repository: source.repository });
  }
  const readJson = async (file: string): Promise<unknown> => parseJson(file, await readText(connection, fileUrl(connection, repository, file), longestConfigBytes, signal));
  const name = `${source.repository}/config.json`;
  const top = await readJson('config.json');
  const { llm, tower, projector } = vilaConfigFiles;
  const config = parseConfig(name, isVila ? composeVilaConfig(name, { top, llm: await readJson(llm), tower: await readJson(tower), projector: await readJson(projector) }) : top);
  return { commit: repository.commit, licence: repository.licence ?? null, shape: shapeOf(config), files };
}

function nameFrom(text: string): string {
  const name = text.replace(/[^\w.-]+/gu, '-').replace(/^[^\w]+/u, '').slice(0, 100);
  return modelNameSchema.safeParse(name).success ? name : 'model';
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LongtakeError('checkpoint-invalid', `${file} is not JSON.`, { path: file }, { cause });
  }
}

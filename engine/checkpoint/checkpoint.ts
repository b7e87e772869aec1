import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { LongtakeError } from '../protocol/errors.ts';
import { parseConfig, parseGenerationConfig } from './config.ts';
import type { CheckpointConfig, GenerationConfig } from './config.ts';
import { SafetensorsFile } from './safetensors.ts';
import type { TensorEntry, TensorPlace } from './safetensors.ts';
import { composeVilaConfig, vilaConfigFiles, vilaParts } from './vila-config.ts';
import { requireFinite, toFloat16Bits, toFloat32 } from './tensor-values.ts';

/** An open checkpoint folder in Hugging Face's layout. Holds file handles: close it. */
export type Checkpoint = {
  readonly directory: string;
  readonly config: CheckpointConfig;
  readonly generationConfig: GenerationConfig;
  readonly tokenizerPath: string;
  /** All tensors by name, over all shards. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** One tensor as float32, row-major. Throws `checkpoint-invalid` where it is missing or holds NaN or infinity. */
  readonly read: (name: string) => Promise<Float32Array<ArrayBuffer>>;
  /** Elements `start` to `end` of a tensor, for tensors too large to hold twice. */
  readonly readRange: (name: string, start: number, end: number) => Promise<Float32Array<ArrayBuffer>>;
  /** As `readRange`, as the bits of float16; also throws where float16 cannot hold a value. */
  readonly readHalves: (name: string, start: number, end: number) => Promise<Uint16Array<ArrayBuffer>>;
  /** The file in which elements `start` to `end` of a tensor are stored, and where in it: for other threads. */
  readonly place: (name: string, start?: number, end?: number) => TensorPlace;
  readonly close: () => Promise<void>;
};

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens a checkpoint: `config.json`, `tokenizer.json`, `generation_config.json` (optional), and either
 * `model.safetensors` or the shards that `model.safetensors.index.json` names; or VILA's three folders.
 * Errors: `file-not-found`, `checkpoint-invalid`.
 */
export async function readCheckpoint(directory: string): Promise<Checkpoint> {
  await requireDirectory(directory);
  const isVila = await isVilaFolder(directory);
  const config = await readConfig(directory);
  const text = await textDirectory(directory);
  const generationPath = join(text, 'generation_config.json');
  const generationJson = await readJson(generationPath, true);
  const generationConfig = parseGenerationConfig(generationPath, generationJson ?? {});
  const tokenizerPath = join(text, 'tokenizer.json');
  await requireFile(tokenizerPath);
  const { files, homes, tensors } = await openParts(directory, isVila ? vilaParts : [{ folder: '', prefix: '' }]);
  const home = (name: string): TensorHome & { entry: TensorEntry } => {
    const found = homes.get(name);
    const entry = tensors.get(name);
    if (found === undefined || entry === undefined) throw missingTensor(directory, name);
    return { ...found, entry };
  };
  const readRange = async (name: string, start: number, end?: number): Promise<Float32Array<ArrayBuffer>> => {
    const { file, stored, entry } = home(name);
    const values = toFloat32(name, entry.type, await file.read(stored, start, end));
    requireFinite(name, values);
    return values;
  };
  return {
    directory, config, generationConfig, tokenizerPath, tensors, readRange,
    read: (name) => readRange(name, 0),
    readHalves: async (name, start, end) => {
      const { file, stored, entry } = home(name);
      return toFloat16Bits(name, entry.type, await file.read(stored, start, end));
    },
    place: (name, start, end) => {
      const { file, stored } = home(name);
      return file.place(stored, start, end);
    },
    close: async () => { await Promise.all(files.map((file) => file.close())); },
  };
}

/** The config of a checkpoint folder, without its weights. Errors as above. */
export async function readConfig(directory: string): Promise<CheckpointConfig> {
  const configPath = join(directory, 'config.json');
  const top = await readJson(configPath);
  if (!await isVilaFolder(directory)) return parseConfig(configPath, top);
  const part = (file: string) => readJson(join(directory, file));
  const { llm, tower, projector } = vilaConfigFiles;
  return parseConfig(configPath, composeVilaConfig(configPath, { top, llm: await part(llm), tower: await part(tower), projector: await part(projector) }));
}

/** Where the language model and its tokenizer lie. */
export async function textDirectory(directory: string): Promise<string> {
  return await isVilaFolder(directory) ? join(directory, vilaParts[0].folder) : directory;
}

async function isVilaFolder(directory: string): Promise<boolean> {
  return (await stat(join(directory, vilaConfigFiles.llm)).catch(() => undefined))?.isFile() === true;
}

/** Where a tensor lies, and under which name there. */
type TensorHome = { readonly file: SafetensorsFile; readonly stored: string };

async function openParts(directory: string, parts: readonly { readonly folder: string; readonly prefix: string }[]): Promise<{
  files: SafetensorsFile[]; homes: Map<string, TensorHome>; tensors: Map<string, TensorEntry>;
}> {
  const opened = { files: [] as SafetensorsFile[], homes: new Map<string, TensorHome>(), tensors: new Map<string, TensorEntry>() };
  try {
    for (const { folder, prefix } of parts) {
      for (const file of await openShards(join(directory, folder))) {
        opened.files.push(file);
        for (const [stored, entry] of file.entries) {
          opened.tensors.set(`${prefix}${stored}`, entry);
          opened.homes.set(`${prefix}${stored}`, { file, stored });
        }
      }
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.files.map((file) => file.close()));
    throw error;
  }
}

/** The error for a tensor that the architecture needs and the files lack. */
export function missingTensor(directory: string, name: string): LongtakeError {
  return new LongtakeError('checkpoint-invalid', `The checkpoint in ${directory} lacks the tensor "${name}".`,
    { directory, tensor: name });
}

async function openShards(directory: string): Promise<SafetensorsFile[]> {
  const indexPath = join(directory, 'model.safetensors.index.json');
  const indexJson = await readJson(indexPath, true);
  if (indexJson === undefined) return [await SafetensorsFile.open(join(directory, 'model.safetensors'))];
  const index = indexSchema.safeParse(indexJson);
  if (!index.success) throw new LongtakeError('checkpoint-invalid', `${indexPath} has no usable "weight_map".`, { path: indexPath });
  const opened: SafetensorsFile[] = [];
  try {
    for (const shard of new Set(Object.values(index.data.weight_map))) {
      if (basename(shard) !== shard) throw new LongtakeError('checkpoint-invalid', `${indexPath} points outside its folder: "${shard}".`, { path: indexPath, shard });
      opened.push(await SafetensorsFile.open(join(directory, shard)));
    }
    const byFile = new Map(opened.map((file) => [basename(file.path), file]));
    for (const [name, shard] of Object.entries(index.data.weight_map)) {
      if (byFile.get(shard)?.entries.has(name) === true) continue;
      throw new LongtakeError('checkpoint-invalid', `${indexPath} says that "${name}" is in ${shard}, which does not have it.`, { path: indexPath, tensor: name });
    }
  } catch (error) {
    await Promise.all(opened.map((file) => file.close()));
    throw error;
  }
  return opened;
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new LongtakeError('file-not-found', found === undefined ? `There is no folder ${directory}.` : `${directory} is not a folder; a checkpoint is one.`, { path: directory });
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new LongtakeError('file-not-found', `The checkpoint lacks ${path}.`, { path });
}

async function readJson(path: string, optional = false): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && optional) return undefined;
    throw new LongtakeError(missing ? 'file-not-found' : 'file-unreadable',
      missing ? `The checkpoint lacks ${path}.` : `${path} cannot be read.`, { path }, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LongtakeError('checkpoint-invalid', `${path} is not JSON.`, { path }, { cause });
  }
}

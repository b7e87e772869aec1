import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { LongtakeError } from '../../protocol/errors.ts';
import { jsonText } from '../../protocol/json-text.ts';
import { settingsSchema } from '../../protocol/methods-app.ts';
import type { LibraryClient } from '../../server/library-client.ts';
import { demoModelName } from '../../pipeline/model-store.ts';
import { runOnLibrary, type JsonFlag } from '../library-command.ts';
import { defineCommand } from '../run.ts';

/** What the page keeps for itself is its own. */
const engineSettings = settingsSchema.omit({ interface: true });
type Key = keyof z.infer<typeof engineSettings>;
const keys = engineSettings.keyof().options;

export function addSettingsCommand(program: Command): void {
  const settings = program.command('settings').description('what the app and the API answer with: model, device, how videos are read')
    .addHelpText('after', '\nExample:\n  longtake settings set provider cpu');

  defineCommand(settings, 'list', 'all settings (the default)', 'settings list', { isDefault: true })
    .action((flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const values = engineSettings.parse(await library.request('settings.get', {}));
      output.result({ settings: values }, keys.map((key) => `${key} = ${String(values[key])}${explain(key)}`).join('\n'));
    }));

  defineCommand(settings, 'get <key>', 'one setting', 'settings get model')
    .action((given: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const key = requireKey(given);
      const value = (await library.request('settings.get', {}))[key];
      output.result({ key, value }, String(value));
    }));

  defineCommand(settings, 'set <key> <value>', 'change one; "default" puts it back. An app or a host that is running takes it over within a second', 'settings set maxNewTokens 512')
    .action((given: string, text: string, flags: JsonFlag) => runOnLibrary(flags, async (library, { output }) => {
      const key = requireKey(given);
      const value = parseSetting(key, text);
      if (key === 'model') await requireModel(library, String(value));
      const changed = await library.request('settings.change', { [key]: value });
      output.result({ key, value: changed[key] }, `${key} = ${String(changed[key])}`);
    }));
}

function requireKey(key: string): Key {
  const parsed = engineSettings.keyof().safeParse(key);
  if (parsed.success) return parsed.data;
  throw new LongtakeError('bad-argument', `There is no setting "${key}". There are: ${keys.join(', ')}.`, { key });
}

/** A value as it is typed: 512, true, null, or a word. Throws `bad-argument` with what the setting takes. */
function parseSetting(key: Key, text: string): unknown {
  const schema = engineSettings.shape[key];
  if (text === 'default') return schema.parse(undefined);
  const asJson = jsonText.safeParse(text);
  // A model may be called 7: what is not taken as a number is tried as a word.
  for (const value of [...asJson.success ? [asJson.data] : [], text]) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  const reason = z.prettifyError(schema.safeParse(asJson.success ? asJson.data : text).error ?? new z.ZodError([]));
  throw new LongtakeError('bad-argument', `${key} cannot be ${JSON.stringify(text)}: ${reason.replace(/^✖ /u, '')}.`, { key, value: text });
}

/** A name with a slip in it would fail at the next question only. */
async function requireModel(library: LibraryClient, name: string): Promise<void> {
  const { models } = await library.request('models.list', {});
  const names = [...new Set(models.map((model) => model.name))];
  if (name === demoModelName || names.includes(name) || existsSync(name)) return;
  throw new LongtakeError('model-not-found', `No model "${name}" is installed. There are: ${names.join(', ')}. "longtake models add" fetches others.`, { model: name });
}

function explain(key: Key): string {
  const { description } = engineSettings.shape[key];
  return description === undefined ? '' : `  (${description})`;
}

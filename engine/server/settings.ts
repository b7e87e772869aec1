import { settingsSchema, type Settings } from '../protocol/methods-app.ts';
import type { MethodParams } from '../protocol/methods.ts';
import type { Library } from '../library/index.ts';
import { defaultAnswerSettings, type AnswerSettings } from '../pipeline/settings.ts';

const key = 'settings';

export function readSettings(library: Library): Settings {
  return library.settings.get(key, settingsSchema) ?? settingsSchema.parse({});
}

/** Returns the settings after the change, and whether another model or device is meant now. */
export function changeSettings(library: Library, change: MethodParams<'settings.change'>): { readonly settings: Settings; readonly otherModel: boolean } {
  return library.transaction(() => {
    const before = readSettings(library);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const merged = Object.entries({ ...before.interface, ...change.interface }).filter(([, value]) => value !== null);
    const settings = settingsSchema.parse({ ...before, ...given, interface: Object.fromEntries(merged) });
    library.settings.set(key, settings);
    return {
      settings,
      otherModel: before.model !== settings.model || before.provider !== settings.provider || before.weights !== settings.weights
        || before.graphicsLimitBytes !== settings.graphicsLimitBytes,
    };
  });
}

export function answerSettings(library: Library): AnswerSettings {
  const { model, provider, weights, graphicsLimitBytes, spatialForgetting, textMask, subtitles, decoding, sample, maxNewTokens } = readSettings(library);
  return { ...defaultAnswerSettings, model, provider, weights: weights ?? undefined, graphicsLimitBytes: graphicsLimitBytes ?? undefined,
    spatialForgetting: spatialForgetting ?? undefined, textMask, subtitles, decoding, sample: sample ?? undefined, maxNewTokens };
}

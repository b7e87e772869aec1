import { useTranslation } from 'react-i18next';
import type { ModelNeedsView } from '../../engine/protocol/methods-models.ts';
import { Hint } from '../components/section.tsx';
import { formatBytes } from '../format/bytes.ts';
import type { Machine } from '../store/models-slice.ts';
import { useApp } from '../store/use-app.ts';
import { fitOf } from './fit.ts';

/** Why the chosen precision does not fit, with both numbers, and what helps. */
export function FitNote({ needs, machine }: { readonly needs: ModelNeedsView; readonly machine: Machine }) {
  const { t, i18n: { language } } = useTranslation();
  const limitBytes = useApp((state) => state.settings?.graphicsLimitBytes ?? null);
  const fit = fitOf(needs, machine, limitBytes);
  if (fit === 'fits') return null;
  const [need, have] = fit === 'disk' ? [needs.diskBytes, machine.freeDiskBytes] : [needs.memoryBytes, machine.memoryBytes];
  return <Hint>{t(`models.fitNote.${fit}`, { need: formatBytes(need, language), have: formatBytes(have, language) })}</Hint>;
}

import { useId } from 'react';
import { Check, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ModelNeedsView } from '../../engine/protocol/methods-models.ts';
import { formatBytes } from '../format/bytes.ts';
import type { Machine, Weights } from '../store/models-slice.ts';
import { useApp } from '../store/use-app.ts';
import { fitOf } from './fit.ts';
import styles from './precision-table.module.css';

/** What each precision of a model takes here, and which one is to be added. */
export function PrecisionTable({ label, needs, machine, suggested, chosen, onChoose }: {
  readonly label: string; readonly needs: readonly ModelNeedsView[]; readonly machine: Machine; readonly suggested: Weights; readonly chosen: Weights; readonly onChoose: (weights: Weights) => void;
}) {
  const { t, i18n: { language } } = useTranslation();
  const group = useId();
  const limitBytes = useApp((state) => state.settings?.graphicsLimitBytes ?? null);
  const bytes = (value: number): string => formatBytes(value, language);
  return (
    <table className={styles['table']} aria-label={label}>
      <thead>
        <tr>
          {(['precision', 'download', 'disk', 'memory', 'graphics'] as const).map((column) => <th key={column} scope="col">{t(`models.needs.${column}`)}</th>)}
          <th scope="col">{t('models.needs.here')}</th>
        </tr>
      </thead>
      <tbody>
        {needs.map((each) => {
          const fit = fitOf(each, machine, limitBytes);
          return (
            <tr key={each.weights}>
              <td>
                <label className={styles['choice']}>
                  <input type="radio" name={group} checked={chosen === each.weights} onChange={() => { onChoose(each.weights); }} />
                  {each.weights}
                  {each.weights === suggested && <span className={styles['suggested']}>{t('models.needs.suggested')}</span>}
                </label>
              </td>
              <td>{each.downloadBytes === 0 ? '–' : bytes(each.downloadBytes)}</td>
              <td>{bytes(each.packageBytes)}</td>
              <td>{bytes(each.memoryBytes)}</td>
              <td>{bytes(each.graphicsMemoryBytes)}</td>
              <td>
                <span className={styles['fit']} data-fit={fit}>
                  {fit === 'fits' || fit === 'graphics' ? <Check size={14} /> : <TriangleAlert size={14} />}{t(`models.fit.${fit}`)}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { DialogBody, DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { Facts } from '../components/facts.tsx';
import { formatBytes } from '../format/bytes.ts';
import { fileNameOf } from '../format/paths.ts';
import { providerName } from '../format/provider-name.ts';
import { formatLeft } from '../format/time.ts';
import { sumForecasts, type PlannedFile } from '../store/forecast.ts';
import { useActions } from '../store/use-app.ts';
import styles from './forecast-dialog.module.css';

/** More names than this are a number. */
const namesShown = 4;

/** What encoding will take, before it starts; what has no room is refused with the numbers. */
export function ForecastDialog({ planned }: { readonly planned: readonly PlannedFile[] }) {
  const { t, i18n: { language } } = useTranslation();
  const { enqueue, showDialog } = useActions();
  const sum = sumForecasts(planned);
  const count = planned.length;
  const close = (): void => { showDialog(undefined); };
  if (sum === undefined) return null;
  const bytes = (value: number): string => formatBytes(value, language);
  const room = { need: bytes(sum.diskBytes), free: bytes(sum.freeDiskBytes) };
  return (
    <DialogFrame title={sum.fits ? t('library.forecast.title', { count }) : t('library.forecast.titleRefused')} onClose={close}>
      <DialogBody>
        <ul className={styles['names']} aria-label={t('library.forecast.files')}>
          {planned.slice(0, namesShown).map(({ path }) => <li key={path} title={path}>{fileNameOf(path)}</li>)}
          {count > namesShown && <li>{t('library.forecast.more', { count: count - namesShown })}</li>}
        </ul>
        <Facts facts={[
          [t('library.forecast.time'), sum.encodeSeconds === undefined ? t('library.forecast.timeUnknown') : t('library.about', { time: formatLeft(sum.encodeSeconds, language) })],
          [t('library.forecast.disk'), t('library.forecast.diskFree', room)],
          [t('library.forecast.memory'), t('library.forecast.memoryOf', { need: bytes(sum.memoryBytes), whole: bytes(sum.machineMemoryBytes) })],
          [t('library.forecast.device'), sum.provider === undefined ? undefined : providerName(sum.provider)],
          [t('library.forecast.frames'), sum.frames === undefined ? undefined : new Intl.NumberFormat(language).format(sum.frames)],
        ]}
        />
        {sum.fits
          ? <p className={styles['text']}>{t('library.forecast.once')}</p>
          : <p className={styles['refused']} role="alert">{t('library.forecast.refused', { ...room, count })}</p>}
        {sum.fits && !sum.fitsMemory && <p className={styles['caution']}>{t('library.forecast.memoryShort', { need: bytes(sum.memoryBytes), whole: bytes(sum.machineMemoryBytes) })}</p>}
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>{t(sum.fits ? 'app.cancel' : 'app.close')}</Button>
        {sum.fits
          ? <Button look="primary" onClick={() => { close(); void enqueue(planned); }}>{t('library.forecast.start')}</Button>
          : <Button look="primary" onClick={() => { showDialog({ kind: 'settings', page: 'storage' }); }}>{t('library.forecast.storage')}</Button>}
      </DialogFooter>
    </DialogFrame>
  );
}

import { useTranslation } from 'react-i18next';
import { Button } from '../components/button.tsx';
import { DialogBody, DialogFooter, DialogFrame } from '../components/dialog.tsx';
import { Facts } from '../components/facts.tsx';
import { formatBytes } from '../format/bytes.ts';
import { fileNameOf } from '../format/paths.ts';
import { providerName } from '../format/provider-name.ts';
import { formatLeft } from '../format/time.ts';
import { knownDiskBytes, neededMemoryBytes, type Plan } from '../store/forecast.ts';
import { useActions } from '../store/use-app.ts';
import styles from './forecast-dialog.module.css';

/** More names than this are a number. */
const namesShown = 4;

/** What encoding will take, before it starts; what has no room is refused with the numbers. */
export function ForecastDialog({ plan }: { readonly plan: Plan }) {
  const { t, i18n: { language } } = useTranslation();
  const { enqueue, showDialog } = useActions();
  const { forecast } = plan;
  const close = (): void => { showDialog(undefined); };
  if (forecast === undefined) return null;
  const { files, fits, fitsMemory, frames, encodeSeconds, provider } = forecast;
  const count = files.length;
  const bytes = (value: number): string => formatBytes(value, language);
  const room = { need: bytes(knownDiskBytes(forecast)), free: bytes(forecast.freeDiskBytes) };
  const memory = { need: bytes(neededMemoryBytes(forecast)), whole: bytes(forecast.machineMemoryBytes) };
  return (
    <DialogFrame title={fits ? t('library.forecast.title', { count }) : t('library.forecast.titleRefused')} onClose={close}>
      <DialogBody>
        <ul className={styles['names']} aria-label={t('library.forecast.files')}>
          {files.slice(0, namesShown).map(({ path }) => <li key={path} title={path}>{fileNameOf(path)}</li>)}
          {count > namesShown && <li>{t('library.forecast.more', { count: count - namesShown })}</li>}
        </ul>
        <Facts facts={[
          [t('library.forecast.time'), encodeSeconds === null ? t('library.forecast.timeUnknown') : t('library.about', { time: formatLeft(encodeSeconds, language) })],
          [t('library.forecast.disk'), t('library.forecast.diskFree', room)],
          [t('library.forecast.memory'), t('library.forecast.memoryOf', memory)],
          [t('library.forecast.device'), provider === null ? undefined : providerName(provider)],
          [t('library.forecast.frames'), frames === null ? undefined : new Intl.NumberFormat(language).format(frames)],
        ]}
        />
        {fits
          ? <p className={styles['text']}>{t('library.forecast.once')}</p>
          : <p className={styles['refused']} role="alert">{t('library.forecast.refused', { ...room, kept: bytes(forecast.keptDiskBytes), count })}</p>}
        {fits && !fitsMemory && <p className={styles['caution']}>{t('library.forecast.memoryShort', memory)}</p>}
      </DialogBody>
      <DialogFooter>
        <Button onClick={close}>{t(fits ? 'app.cancel' : 'app.close')}</Button>
        {fits
          ? <Button look="primary" onClick={() => { close(); void enqueue(plan); }}>{t('library.forecast.start')}</Button>
          : <Button look="primary" onClick={() => { showDialog({ kind: 'settings', page: 'storage' }); }}>{t('library.forecast.storage')}</Button>}
      </DialogFooter>
    </DialogFrame>
  );
}

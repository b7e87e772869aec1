import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row } from '../components/section.tsx';
import { TextField } from '../components/text-field.tsx';
import { formatBytes } from '../format/bytes.ts';
import { useActions, useApp } from '../store/use-app.ts';
import { parseGigabytes } from './devices.ts';
import styles from './graphics-limit.module.css';

/** How much of the graphics card an answer may take; empty: as much as there is. Enter and leaving keep it. */
export function GraphicsLimit({ limitBytes }: { readonly limitBytes: number | null }) {
  const { t, i18n: { language } } = useTranslation();
  const { changeSettings } = useActions();
  const card = useApp((state) => state.catalogue?.machine.graphicsMemoryBytes ?? undefined);
  const kept = limitBytes === null ? '' : String(limitBytes / 1e9);
  const [text, setText] = useState(kept);
  useEffect(() => { setText(kept); }, [kept]);
  const parsed = parseGigabytes(text);
  const keep = (): void => {
    if (parsed !== undefined && parsed !== limitBytes) void changeSettings({ graphicsLimitBytes: parsed });
  };
  const hint = parsed === undefined ? t('models.device.limitInvalid', { text })
    : `${t('models.device.limitHint')} ${card === undefined ? t('models.device.cardUnknown') : t('models.device.card', { size: formatBytes(card, language) })}`;
  return (
    <Row label={t('models.device.limit')} hint={hint}>
      <TextField
        className={styles['field']} label={t('models.device.limit')} inputMode="decimal" maxLength={10} value={text} aria-invalid={parsed === undefined}
        placeholder={t('models.device.noLimit')} after={<span className={styles['unit']}>GB</span>}
        onChange={setText} onBlur={keep} onKeyDown={(event) => { if (event.key === 'Enter') keep(); }}
      />
    </Row>
  );
}

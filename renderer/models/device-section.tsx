import { useTranslation } from 'react-i18next';
import { Row, Section } from '../components/section.tsx';
import { Select } from '../components/select.tsx';
import { providerName } from '../format/provider-name.ts';
import { useActions, useApp, useSurroundings } from '../store/use-app.ts';
import { devicesOf } from './devices.ts';
import { GraphicsLimit } from './graphics-limit.tsx';

/** Where videos are encoded and answers computed, and how much of a graphics card they may take. */
export function DeviceSection() {
  const { t } = useTranslation();
  const { shell } = useSurroundings();
  const { changeSettings } = useActions();
  const settings = useApp((state) => state.settings);
  if (settings === undefined) return null;
  const { provider, graphicsLimitBytes } = settings;
  return (
    <Section title={t('models.device.title')}>
      <div>
        <Row label={t('models.device.device')} hint={t(`models.device.hints.${provider}`)}>
          <Select
            label={t('models.device.device')} value={provider} onChange={(value) => { void changeSettings({ provider: value }); }}
            options={devicesOf(shell.platform, provider).map((value) => ({ value, label: value === 'auto' ? t('models.device.auto') : providerName(value) }))}
          />
        </Row>
        <GraphicsLimit limitBytes={graphicsLimitBytes} />
      </div>
    </Section>
  );
}

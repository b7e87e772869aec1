import { useTranslation } from 'react-i18next';
import { demoModel, modelTitle } from './models-slice.ts';
import { useApp } from './use-app.ts';

/** What a model is called here. */
export function useModelTitle(): (name: string) => string {
  const { t } = useTranslation();
  const catalogue = useApp((state) => state.catalogue);
  return (name) => name === demoModel ? t('models.demo') : modelTitle(name, catalogue);
}

import { useEffect } from 'react';
import { useActions, useApp } from '../store/use-app.ts';
import { AddModel } from './add-model.tsx';
import { CatalogueSection } from './catalogue-section.tsx';
import { DeviceSection } from './device-section.tsx';
import { InstalledModels } from './installed-models.tsx';
import { ModelInUse } from './model-in-use.tsx';
import { ModelJobs } from './model-jobs.tsx';

/** The model that answers, on what, which others there are, and how to get them. */
export function ModelsPage() {
  const { loadCatalogue } = useActions();
  const connected = useApp((state) => state.link === 'connected');
  const provider = useApp((state) => state.settings?.provider);
  // What fits and how fast it would be depends on what is installed and on the device.
  const installed = useApp((state) => state.models.length);
  useEffect(() => { if (connected) void loadCatalogue(); }, [connected, installed, loadCatalogue, provider]);
  return (
    <>
      <ModelInUse />
      <ModelJobs />
      <DeviceSection />
      <InstalledModels />
      <CatalogueSection />
      <AddModel />
    </>
  );
}

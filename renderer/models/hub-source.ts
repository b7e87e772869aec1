import { modelSourceSchema, type ModelSource } from '../../engine/protocol/methods-models.ts';

export type HubFields = { readonly repository: string; readonly revision: string; readonly endpoint: string };

/** What was written as a source, or which field is wrong. The address of a repository's page is taken as its name. */
export function readHubSource({ repository, revision, endpoint }: HubFields): { readonly source: ModelSource } | { readonly wrong: 'repository' | 'endpoint' } {
  const mirror = endpoint.trim();
  const parsed = modelSourceSchema.safeParse({
    kind: 'hub', repository: repository.trim().replace(/^https?:\/\/[^/]+\//u, '').split('/').slice(0, 2).join('/'),
    ...(revision.trim() !== '' && { revision: revision.trim() }), ...(mirror !== '' && { endpoint: mirror }),
  });
  if (parsed.success) return { source: parsed.data };
  return { wrong: parsed.error.issues.some(({ path }) => path.includes('repository')) ? 'repository' : 'endpoint' };
}

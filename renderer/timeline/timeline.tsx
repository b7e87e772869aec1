/** The hour at a glance. */
export function Timeline({ height }: { readonly height: number }) {
  return <section style={{ height }} />;
}

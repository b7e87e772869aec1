/** What Dawn's backend that computes nothing says against shaders. It has every feature: WGSL is parsed, typed and checked for uniformity as for a GPU. */
export async function checkShaders(shaders: readonly string[]): Promise<string[]> {
  const { create } = await import('webgpu');
  const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']);
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice({ requiredFeatures: ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix' as GPUFeatureName] });
  if (device === undefined) throw new Error('Dawn has no backend that computes nothing.');
  const messages: string[] = [];
  for (const code of shaders) {
    device.pushErrorScope('validation');
    const info = await device.createShaderModule({ code }).getCompilationInfo();
    await device.popErrorScope();
    messages.push(...info.messages.map(({ message, lineNum }) => `${message} (${code.split('\n')[lineNum - 1] ?? ''})`));
  }
  device.destroy();
  return messages;
}

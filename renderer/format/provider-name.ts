const names: Readonly<Record<string, string>> = { cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML' };

/** What a device's way of computing is called by those who make it; the same in every language. */
export function providerName(provider: string): string {
  return names[provider] ?? provider;
}

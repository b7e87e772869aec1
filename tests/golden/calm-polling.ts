/**
 * Loaded before anything else by processes that compute on the software driver. Dawn for Node asks with `setImmediate` whether what it
 * waits for is done, again and again, and each time makes a function for it: a third of a process's time, on a core that the driver
 * itself needs to compile and to compute. Here it asks once in a millisecond.
 */
const everyMs = 1;
globalThis.setImmediate = Object.assign(
  (callback: (...given: unknown[]) => void, ...given: unknown[]) => setTimeout(callback, everyMs, ...given),
  { __promisify__: setImmediate.__promisify__ },
) as unknown as typeof setImmediate;

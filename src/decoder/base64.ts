/** Undefined for what is not base64: Buffer.from skips what is not, and would so make nonsense of it without a word. */
export function fromBase64(data: unknown): Buffer | undefined {
  if (typeof data !== 'string' || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return undefined;
  return Buffer.from(data, 'base64');
}

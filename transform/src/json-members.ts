import { forEachMember } from '../../extension/src/json-scanner';

/** Walks the members of the object at `start`, keys without what they have escaped; returns where the object ends. */
export function eachMember(
  bytes: Buffer,
  start: number,
  visit: (key: string, valueStart: number, valueEnd: number) => void,
): number {
  return forEachMember(bytes, start, ({ keyStart, keyEnd, valueStart, valueEnd }) => {
    const key = bytes.toString('utf8', keyStart, keyEnd);
    visit(key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key, valueStart, valueEnd);
  });
}

/** Who speaks: Lambda's events do not carry it, and a stream is shared by many functions. */
export interface Identity {
  /** Absent on platforms that do not tell it at registration. */
  readonly accountId?: string;
  readonly region?: string;
  readonly functionName?: string;
  readonly functionVersion?: string;
  /** One per execution environment and process: `seq` starts anew with it. */
  readonly instanceId: string;
}

/**
 * A new instance id in the shape of a UUID version 7 (RFC 9562): 48 bits of time, 74 random bits. Math.random is
 * seeded by the operating system for each process; `node:crypto` would cost several ms before the first /next.
 */
export function newInstanceId(now: number, random: () => number = Math.random): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const time = now.toString(16).padStart(12, '0').slice(-12);
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}

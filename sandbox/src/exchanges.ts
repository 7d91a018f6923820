/** One HTTP exchange between the platform and a process inside the execution environment. */
export interface Exchange {
  /** Arrival of the request, epoch ms. */
  readonly at: number;
  readonly api: 'runtime' | 'extensions' | 'telemetry' | 'delivery';
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The first 2,000 characters. */
  readonly requestBody: string;
  readonly requestBytes: number;
  /** Absent while a long poll waits and when the connection ended without an answer. */
  status?: number;
  /** The first 2,000 characters. */
  response?: string;
  responseHeaders?: Readonly<Record<string, string>>;
  /** When the answer left (for a delivery: when it came), epoch ms. */
  answeredAt?: number;
}

const SUMMARY_CHARACTERS = 2_000;

export function summary(body: Buffer | string): string {
  return typeof body === 'string'
    ? body.slice(0, SUMMARY_CHARACTERS)
    : body
        .subarray(0, SUMMARY_CHARACTERS * 4)
        .toString('utf8')
        .slice(0, SUMMARY_CHARACTERS);
}

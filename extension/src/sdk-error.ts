import { isKinesisError, KinesisError } from './kinesis-client';
import type { ReuseAwareAgents } from './reuse-aware-agents';

/** What the SDK attaches to its errors, as far as it was read; nothing of it is certain. */
interface SdkFailure extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
  readonly $fault?: 'client' | 'server';
}

/** An error of the SDK as ours: the same code that the signed client gives for the same answer. */
export function sdkError(error: unknown, agents: Pick<ReuseAwareAgents, 'cameFromReusedSocket'>): KinesisError {
  if (isKinesisError(error)) return error; // from our credential source, or an answer that lacks outcomes
  if (!(error instanceof Error)) return new KinesisError('Unexpected', String(error));
  const { $metadata, $response, $fault, code, name, message }: SdkFailure = error;
  const status = $response?.statusCode ?? $metadata?.httpStatusCode;
  if (status !== undefined) {
    if (status >= 200 && status < 300) return new KinesisError('UnreadableAnswer', message, status);
    const isNamed = $fault !== undefined && !/^(Error|Unknown|UnknownError|SyntaxError|\d+)$/.test(name);
    return new KinesisError(isNamed ? name : `Http${status}`, message || `status ${status}`, status);
  }
  if (agents.cameFromReusedSocket(error)) return new KinesisError('ConnectionLost', code ?? message);
  if (name === 'TimeoutError' && code === undefined) return new KinesisError('ConnectionFailed', message);
  if (name === 'TimeoutError' && code === 'ETIMEDOUT') return new KinesisError('Timeout', message);
  // Node.js's codes of sockets and name look-ups: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED ...
  return new KinesisError(code === undefined ? 'Unexpected' : 'ConnectionFailed', code ?? message);
}

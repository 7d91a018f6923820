import { isUtf8 } from 'buffer';
import { type DecodeProblem, DecodeProblemCode } from './decode-problem';
import type { TelemetryLine } from './telemetry-line';

const EXCERPT_CHARACTERS = 200;

/** One line of text (without its line feed) to a telemetry line, or what is wrong with it. */
export function decodeLine(
  line: Buffer,
  offset: number,
): { readonly line: TelemetryLine } | { readonly problem: DecodeProblem } {
  const text = line.toString('utf8');
  const problem = (code: DecodeProblemCode, reason: string): { problem: DecodeProblem } => ({
    problem: { code, reason, offset, bytes: line.length, excerpt: text.slice(0, EXCERPT_CHARACTERS) },
  });
  if (!isUtf8(line)) return problem(DecodeProblemCode.NOT_JSON, 'the line is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return problem(DecodeProblemCode.NOT_JSON, `the line is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return problem(DecodeProblemCode.NOT_JSON, 'the line is JSON, but not an object');
  }
  const found = value as Record<string, unknown>;
  if (typeof found.v === 'number' && found.v > 1) {
    return problem(DecodeProblemCode.UNKNOWN_VERSION, `schema version ${found.v}; this decoder knows version 1`);
  }
  const misfit = misfitOf(found);
  if (misfit !== undefined) return problem(DecodeProblemCode.NOT_TELEMETRY, misfit);
  return { line: value as TelemetryLine };
}

/** What no telemetry line lacks. Other keys are not looked at: the schema grows. */
function misfitOf(found: Record<string, unknown>): string | undefined {
  if (found.v !== 1) return '"v" is not 1';
  if (typeof found.instance_id !== 'string') return '"instance_id" is not a string';
  if (found.type !== 'extension.stats') return misfitOfNumbers(found);
  const counter = ['received', 'delivered', 'dropped', 'held'].find((name) => !isCount(found[name], 0));
  return counter === undefined ? undefined : `"${counter}" is not a count`;
}

function misfitOfNumbers({ type, seq, through_seq: throughSeq }: Record<string, unknown>): string | undefined {
  if (!isCount(seq, 1)) return '"seq" is not a positive integer';
  if (type !== 'transform.filtered' || isCount(throughSeq, seq as number)) return undefined;
  return '"through_seq" is not an integer from "seq" on';
}

function isCount(value: unknown, min: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min;
}

import type { TelemetryEvent } from '../../src/decoder';
import { decodeLine } from '../../src/decoder/decode-line';
import { extendedLine } from './extended-line';
import { lineFilter } from './line-filter';
import type { TransformSettings } from './settings';

/** What became of the lines of a record. */
export interface LineCounts {
  kept: number;
  filtered: number;
  /** Not telemetry, or damaged: as they came. */
  foreign: number;
}

/**
 * Filters and extends the lines of one record. A line that is no telemetry, for it is damaged or somebody else's,
 * stays as it is. Where events are filtered out, one short line says which numbers they had: the archive can still
 * prove that nothing else is missing.
 */
export function transformedLines(
  lines: readonly Buffer[],
  settings: TransformSettings,
): { readonly lines: Buffer[]; readonly counts: LineCounts } {
  const stays = lineFilter(settings);
  const counts: LineCounts = { kept: 0, filtered: 0, foreign: 0 };
  const out: (Buffer | FilteredRun)[] = [];
  let run: FilteredRun | undefined;
  for (const bytes of lines) {
    const decoded = decodeLine(bytes, 0);
    if ('problem' in decoded) {
      counts.foreign += 1;
      out.push(bytes);
    } else if (stays(decoded.line)) {
      counts.kept += 1;
      out.push(extendedLine(bytes, decoded.line, settings));
    } else {
      counts.filtered += 1;
      const event = decoded.line as TelemetryEvent; // ledgers stay
      if (run?.isContinuedBy(event)) run.through = event.seq;
      else {
        run = new FilteredRun(event);
        out.push(run);
      }
    }
  }
  return { lines: out.map((one) => (one instanceof FilteredRun ? one.toLine() : one)), counts };
}

/** Events of one instance, one number after the other, that were filtered out. */
class FilteredRun {
  public through: number;

  public constructor(private readonly first: TelemetryEvent) {
    this.through = first.seq;
  }

  public isContinuedBy({ instance_id: instanceId, seq }: TelemetryEvent): boolean {
    return instanceId === this.first.instance_id && seq === this.through + 1;
  }

  public toLine(): Buffer {
    const { v, time, function_name, instance_id, seq } = this.first;
    const line = { v, time, type: 'transform.filtered', function_name, instance_id, seq, through_seq: this.through };
    return Buffer.from(JSON.stringify(line));
  }
}

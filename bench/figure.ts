import { median, quantile } from './statistics';
import type { Subject } from './subjects';

export type Unit = 'ms' | 'MiB' | 'bytes' | 'records';

/** One measured quantity of one subject on one version of Node.js. */
export interface Figure {
  /** Stable: results of different days are compared by it, `node` and `subject`. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** Major version; absent where the figure does not depend on it. */
  readonly node?: string;
  readonly subject: string;
  readonly value: number;
  /** The floor's value in the same run; absent where the floor does nothing of the kind. */
  readonly floor?: number;
  /** The quartiles: how far to trust the value. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  /** A worsening by less than this, in the figure's unit, is noise whatever its ratio. */
  readonly slack: number;
}

type About = Pick<Figure, 'id' | 'title' | 'unit' | 'node' | 'slack'>;

/** Values by subject, gathered in turns. */
export type Samples = Map<Subject['name'], number[]>;

/** A figure for each subject but the floor, which stands beside each of them. */
export function figuresOf(about: About, samples: Samples, statistic: (values: readonly number[]) => number = median) {
  const floorSamples = samples.get('floor');
  const floor = floorSamples === undefined ? {} : { floor: statistic(floorSamples) };
  return [...samples]
    .filter(([subject]) => subject !== 'floor')
    .map(([subject, values]): Figure => {
      const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
      return { ...about, subject, value: statistic(values), ...floor, low, high, runs: values.length };
    });
}

/** Runs each subject in turn, `runs` times: what else the machine does meets them all alike. */
export async function inTurns(
  subjects: readonly Subject[],
  runs: number,
  measure: (subject: Subject) => Promise<Readonly<Record<string, number>>>,
): Promise<Record<string, Samples>> {
  const samples: Record<string, Samples> = {};
  for (let run = 0; run < runs; run += 1) {
    for (const subject of subjects) {
      for (const [name, value] of Object.entries(await measure(subject))) {
        const bySubject = samples[name] ?? new Map<Subject['name'], number[]>();
        samples[name] = bySubject;
        bySubject.set(subject.name, [...(bySubject.get(subject.name) ?? []), value]);
      }
    }
  }
  return samples;
}

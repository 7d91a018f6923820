import type { Figure } from './figure';

/** A ratio that is worse by more than this share is a regression. */
export const TOLERANCE = 0.15;

export interface Worsening {
  readonly title: string;
  readonly node: string | undefined;
  readonly subject: string;
  readonly before: number;
  readonly now: number;
}

/**
 * What has become worse since `before`: ratios to the floor where there is one, since both machines and days differ;
 * else the values themselves, which are counts of bytes and records.
 */
export function worsenings(before: readonly Figure[], now: readonly Figure[]): Worsening[] {
  const key = ({ id, node, subject }: Figure) => [id, node, subject].join(' ');
  const known = new Map(before.map((figure) => [key(figure), figure]));
  return now.flatMap((figure) => {
    const former = known.get(key(figure));
    if (former === undefined) return [];
    const [was, is] = [ratio(former), ratio(figure)];
    // In the unit of the figure, at today's floor: what the worsening comes to on this machine.
    const worseBy = figure.value - was * (figure.floor ?? 1);
    if (is <= was * (1 + TOLERANCE) || worseBy <= figure.slack) return [];
    return [{ title: figure.title, node: figure.node, subject: figure.subject, before: was, now: is }];
  });
}

function ratio({ value, floor }: Figure): number {
  return floor === undefined || floor === 0 ? value : value / floor;
}

export function describeWorsening({ title, node, subject, before, now }: Worsening): string {
  const where = node === undefined ? subject : `${subject}, Node.js ${node}`;
  const percent = Math.round((now / before - 1) * 100);
  return `${title} (${where}): ${before.toFixed(2)} -> ${now.toFixed(2)}, ${percent} % worse`;
}

import { type Bar, type BarGroup, barChart } from './bar-chart';
import type { Figure } from './figure';

/** The charts that README and results show, by file name. */
export function charts(figures: readonly Figure[]): Map<string, string> {
  const files = new Map<string, string>();
  const add = (name: string, title: string, groups: readonly BarGroup[]) => {
    if (groups.some(({ bars }) => bars.length > 0)) files.set(`${name}.svg`, barChart(title, groups));
  };
  add('cold-start', 'Wall time to the first /next', byNode(figures, 'cold-start.wall'));
  add('cold-start-cpu', 'CPU time to the first /next', byNode(figures, 'cold-start.cpu'));
  add('memory', 'Private dirty memory', [
    ...byNode(figures, 'memory.idle', 'idle'),
    ...byNode(figures, 'memory.invocations', '60 invocations'),
  ]);
  add('formats', 'Bytes in the stream per event of 350 bytes', [
    { title: 'bytes', bars: byFormat(figures, 'bytes') },
    { title: 'bytes billed on demand', bars: byFormat(figures, 'billed-bytes') },
  ]);
  return files;
}

/** A group for each version of Node.js: the floor, then each client. */
function byNode(figures: readonly Figure[], id: string, what?: string): BarGroup[] {
  const chosen = figures.filter((figure) => figure.id === id);
  return [...new Set(chosen.map(({ node }) => node))].map((node) => {
    const group = chosen.filter((figure) => figure.node === node);
    const floor = group[0]?.floor;
    const bars = group.map(({ subject, value, unit }): Bar => {
      const ratio = floor === undefined ? '' : ` (x ${(value / floor).toFixed(2)})`;
      return { label: subject, value, text: `${value.toFixed(1)} ${unit}${ratio}`, kind: subject as Bar['kind'] };
    });
    const floorBar: Bar[] =
      floor === undefined
        ? []
        : [{ label: 'floor', value: floor, text: `${floor.toFixed(1)} ${group[0]?.unit}`, kind: 'floor' }];
    return { title: `Node.js ${node}${what === undefined ? '' : `, ${what}`}`, bars: [...floorBar, ...bars] };
  });
}

function byFormat(figures: readonly Figure[], id: string): Bar[] {
  return figures
    .filter((figure) => figure.id.startsWith('format.') && figure.id.endsWith(`.${id}`))
    .map(({ id: full, value }) => {
      return { label: full.split('.')[1] as string, value, text: value.toFixed(0), kind: 'other' };
    });
}

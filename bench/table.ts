import type { Figure, Unit } from './figure';
import type { Results } from './results';

const DIGITS: Readonly<Record<Unit, number>> = { ms: 1, MiB: 1, bytes: 0, records: 4 };

/** The figures as a Markdown table, which is legible in a terminal too. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.title,
    figure.node ?? '',
    figure.subject,
    number(figure.value, figure),
    figure.floor === undefined ? '' : number(figure.floor, figure),
    figure.floor === undefined ? '' : relation(figure),
    figure.runs === 1 ? '' : `${number(figure.low, figure)} - ${number(figure.high, figure)}`,
    figure.runs === 1 ? '' : String(figure.runs),
  ]);
  const head = ['figure', 'Node.js', 'client', 'value', 'floor', 'to the floor', 'quartiles', 'samples'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Times by their ratio; memory, and times next to nothing, by the difference. */
function relation(figure: Figure): string {
  const { value, floor = 0, unit } = figure;
  if (unit !== 'MiB' && floor >= 1) return `x ${(value / floor).toFixed(2)}`;
  return `${value < floor ? '-' : '+'} ${number(Math.abs(value - floor), figure)}`;
}

function number(value: number, { unit }: Figure): string {
  const digits = unit === 'ms' && value < 10 ? 2 : DIGITS[unit];
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

/** A page of bench/results. */
export function page(results: Results, charts: readonly string[]): string {
  return [
    `# Benchmarks of ${results.date}`,
    '',
    `Commit ${results.commit}; Node.js ${results.nodeVersions.join(', ')}; ${results.machine}.`,
    '',
    'Medians unless the figure says otherwise. The floor is `bench/floor/`: the least a Node.js extension can be, measured',
    'in turn with the others. `npm run bench` measures anew; `npm run bench -- --compare` says what has become worse.',
    '',
    table(results.figures),
    '',
    ...charts.map((file) => `![${file.replace(/\.svg$/, '').replace(/^[\d-]+-/, '')}](${file})`),
    '',
  ].join('\n');
}

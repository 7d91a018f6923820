export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written at the bar's end. */
  readonly text: string;
  readonly kind: 'floor' | 'signed' | 'sdk' | 'other';
}

export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const LABEL_WIDTH = 190;
const TEXT_WIDTH = 150;
const BAR_HEIGHT = 18;
const BAR_STEP = 24;
const GROUP_GAP = 18;
const TITLE_HEIGHT = 44;

/** Legible on a light and on a dark page: GitHub shows an SVG as a picture, which sees the reader's preference. */
const STYLE = `
    text { font: 13px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #24292f }
    .title { font-weight: 600; font-size: 15px } .group { font-weight: 600 } .note { fill: #57606a }
    .floor { fill: #afb8c1 } .signed { fill: #1f883d } .sdk { fill: #bf8700 } .other { fill: #0969da }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .note { fill: #8d96a0 } .floor { fill: #6e7681 } }`;

/** Horizontal bars in groups, all on one scale that starts at 0. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (WIDTH - LABEL_WIDTH - TEXT_WIDTH) / longest;
  const parts: string[] = [];
  let y = TITLE_HEIGHT;
  for (const group of groups) {
    if (group.title !== '') {
      parts.push(text(16, y + 13, group.title, 'group'));
      y += BAR_STEP;
    }
    for (const bar of group.bars) {
      const width = Math.max(1, bar.value * scale).toFixed(1);
      parts.push(text(28, y + 13, bar.label, 'note'));
      parts.push(
        `<rect class="${bar.kind}" x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
      );
      parts.push(text(LABEL_WIDTH + Number(width) + 8, y + 13, bar.text));
      y += BAR_STEP;
    }
    y += GROUP_GAP;
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escaped(title)}">`;
  return [head, `<style>${STYLE}\n</style>`, text(16, 24, title, 'title'), ...parts, '</svg>', ''].join('\n');
}

function text(x: number, y: number, content: string, kind?: string): string {
  return `<text x="${x.toFixed(0)}" y="${y}"${kind === undefined ? '' : ` class="${kind}"`}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

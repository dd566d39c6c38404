import type { RowPlace } from './report';

/** A point of the picture, in its own units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything of the picture stands. */
export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly grid: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly row: Point;
  /** From the batch up to the top: one more than there are siblings. */
  readonly nodes: readonly Point[];
  readonly siblings: readonly Point[];
}

/** 4,080 rows as 68 columns of 60. */
const [COLUMNS, CELL] = [68, 2];
const [WIDTH, HEIGHT] = [360, 176];
const GRID = { x: 10, y: 38, width: 136, height: 120 };
const [FIRST, LAST] = [
  { x: 178, y: 142 },
  { x: 334, y: 34 },
];

/** My row in its batch, and the way from the batch to the total, each hidden sibling on its own side. */
export function pictureShape({ row, sides }: RowPlace): PictureShape {
  const levels = sides.length;
  const nodes = Array.from({ length: levels + 1 }, (_, i) => between(levels === 0 ? 0 : i / levels));
  const reach = levels > 9 ? 13 : 24;
  const siblings = sides.map((side, i) => {
    const { x, y } = nodes[i]!;
    // Left siblings above the way, right ones below it; each a little further on than what it joins.
    return side === 'left' ? { x: x - reach * 0.28, y: y - reach } : { x: x + reach, y: y + reach * 0.36 };
  });
  return {
    ...{ width: WIDTH, height: HEIGHT, grid: GRID, siblings },
    nodes: levels === 0 ? [FIRST, LAST] : nodes,
    row: {
      x: GRID.x + CELL * (row % COLUMNS) + CELL / 2,
      y: GRID.y + CELL * Math.floor(row / COLUMNS) + CELL / 2,
    },
  };
}

function between(share: number): Point {
  return { x: FIRST.x + (LAST.x - FIRST.x) * share, y: FIRST.y + (LAST.y - FIRST.y) * share };
}

/** Circles as one path. */
export function circles(points: readonly Point[], radius: number): string {
  return points
    .map(({ x, y }) => {
      const [d, left] = [2 * radius, round(x - radius)];
      return `M${left} ${round(y)}a${radius} ${radius} 0 1 0 ${d} 0a${radius} ${radius} 0 1 0 ${-d} 0`;
    })
    .join('');
}

/** Straight lines as one path. */
export function lines(pairs: ReadonlyArray<readonly [Point, Point]>): string {
  return pairs.map(([a, b]) => `M${round(a.x)} ${round(a.y)}L${round(b.x)} ${round(b.y)}`).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

import { useId } from 'react';
import { circles, lines, pictureShape, type Point } from '../check/picture-shape';
import type { RowPlace } from '../check/report';
import { usePage } from './page';

/** The proof as it is: my row lit in its batch, the way to the total with what stays hidden hatched. */
export function Picture({ place, holds }: { readonly place: RowPlace; readonly holds: boolean }) {
  const { t, number } = usePage();
  const id = useId();
  const { width, height, grid, row, nodes, siblings } = pictureShape(place);
  const top = nodes.at(-1)!;
  const radius = siblings.length > 9 ? 3.2 : 5;
  const text = t('picture.text', {
    n: siblings.length,
    row: place.row + 1,
    batch: place.batch + 1,
    batches: place.batchCount,
  });
  const way = nodes.slice(1).map((node, i): readonly [Point, Point] => [nodes[i]!, node]);
  const joins = siblings.map((sibling, i): readonly [Point, Point] => [sibling, nodes[i + 1]!]);
  return (
    <figure className={holds ? 'picture' : 'picture picture-false'}>
      <figcaption>
        <h2>{t('picture.title')}</h2>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={text}>
        <defs>
          <pattern id={`${id}c`} width="2" height="2" patternUnits="userSpaceOnUse" x={grid.x} y={grid.y}>
            <rect width="1.3" height="1.3" className="picture-cell" />
          </pattern>
          <pattern
            id={`${id}h`}
            width="3"
            height="3"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="1.2" height="3" className="picture-hatch" />
          </pattern>
        </defs>
        <rect {...grid} fill={`url(#${id}c)`} />
        <rect
          x={grid.x - 4}
          y={grid.y - 4}
          width={grid.width + 7}
          height={grid.height + 7}
          rx="5"
          className="picture-frame"
        />
        <path
          d={`M${row.x} ${row.y}H${grid.x + grid.width + 3}L${nodes[0]!.x} ${nodes[0]!.y}`}
          className="picture-way"
        />
        <path d={lines(joins)} className="picture-join" />
        <path d={lines(way)} className="picture-way" />
        <path d={circles(siblings, radius)} fill={`url(#${id}h)`} className="picture-sibling" />
        <path d={circles(nodes.slice(0, -1), radius)} className="picture-node" />
        <circle cx={row.x} cy={row.y} r="7" className="picture-glow" />
        <rect x={row.x - 3} y={row.y - 3} width="6" height="6" rx="1.2" className="picture-row" />
        <circle cx={top.x} cy={top.y} r="13" className="picture-total-ring" />
        <circle cx={top.x} cy={top.y} r="8.5" className="picture-total" />
      </svg>
      <ul className="legend" aria-hidden="true">
        <li>
          <svg viewBox="0 0 14 14" width="14" height="14">
            <rect x="3" y="3" width="8" height="8" rx="1.6" className="picture-row" />
          </svg>
          {t('picture.row')}
        </li>
        <li>
          <svg viewBox="0 0 14 14" width="14" height="14">
            <circle cx="7" cy="7" r="5" className="picture-node" />
          </svg>
          {t('picture.batch', { batch: number(place.batch + 1), batches: number(place.batchCount) })}
        </li>
        {siblings.length > 0 && (
          <li>
            <svg viewBox="0 0 14 14" width="14" height="14">
              <circle cx="7" cy="7" r="5" fill={`url(#${id}h)`} className="picture-sibling" />
            </svg>
            {t('picture.hidden')}
          </li>
        )}
        <li>
          <svg viewBox="0 0 14 14" width="14" height="14">
            <circle cx="7" cy="7" r="5" className="picture-total" />
          </svg>
          {t('picture.total')}
        </li>
      </ul>
    </figure>
  );
}

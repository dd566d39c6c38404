import { SolventApiError } from './errors';
import type { RequestOptions } from './transport';

/** Items a page, at most. */
const MOST_A_PAGE = 50;

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** What `after` must be for the next page; null when this is the last one. */
  readonly next: string | null;
}

export interface PageOptions extends RequestOptions {
  /** Items a page, 1 to 50; 20 when left out. */
  readonly first?: number | undefined;
  readonly after?: string | null | undefined;
}

/** A page as the service gives it. */
export interface Nodes<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/**
 * A whole list, a page at a time as it is needed.
 * @throws SolventApiError RESPONSE_MALFORMED
 */
export async function* walk<T>(
  read: (options: PageOptions) => Promise<Page<T>>,
  options: PageOptions,
): AsyncGenerator<T, void> {
  for (let after = options.after ?? null; ;) {
    const { items, next } = await read({ ...options, after });
    yield* items;
    if (next === null) return;
    // A service that gives the same cursor again would be asked for ever.
    if (next === after)
      throw new SolventApiError(
        'RESPONSE_MALFORMED',
        'the service gives the same page of the list again and again',
      );
    after = next;
  }
}

/** What a page of a list is asked for with. */
export function pageAsked({ first = 20, after = null }: PageOptions): {
  readonly first: number;
  readonly after: string | null;
} {
  return { first: Math.min(first, MOST_A_PAGE), after };
}

export function pageOf<T>({ nodes, pageInfo }: Nodes<T>): Page<T> {
  return { items: nodes, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

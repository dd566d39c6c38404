import { SolventError } from '@solvent-por/kzg';
import { GraphQLError, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { limitError, type Carrier, type QueryLimits } from './document-limits';

export interface DocumentLimits extends QueryLimits {
  /** Characters of a document. */
  readonly length: number;
  /** Tokens of one. */
  readonly tokens: number;
}

/** Verdicts kept by the text of their documents, those of good ones apart: bad ones cannot push them out. */
const KEPT = 256;

type Verdict = { readonly document: DocumentNode } | { readonly error: GraphQLError };

/**
 * The first look at the text of a document, before the specification's own rules: what costs too much to be
 * looked at closer is refused here.
 */
export class Documents {
  readonly #good = new LRUCache<string, Verdict>({ max: KEPT });
  readonly #bad = new LRUCache<string, Verdict>({ max: KEPT });

  constructor(
    private readonly schema: () => GraphQLSchema,
    private readonly limits: DocumentLimits,
    private readonly carrier: Carrier,
  ) {}

  /**
   * @throws SolventError QUERY_TOO_LONG
   * @throws GraphQLError where it is no document, or one beyond the limits
   */
  read(text: string): DocumentNode {
    if (text.length > this.limits.length)
      throw new SolventError(
        'QUERY_TOO_LONG',
        'usage',
        `a query may have at most ${this.limits.length} characters`,
      );
    let verdict = this.#good.get(text) ?? this.#bad.get(text);
    if (!verdict) {
      verdict = this.#judge(text);
      ('document' in verdict ? this.#good : this.#bad).set(text, verdict);
    }
    if ('error' in verdict) throw verdict.error;
    return verdict.document;
  }

  #judge(text: string): Verdict {
    try {
      const document = parse(text, { maxTokens: this.limits.tokens });
      const error = limitError(this.schema(), document, this.limits, this.carrier);
      return error ? { error } : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { error };
      throw error;
    }
  }
}

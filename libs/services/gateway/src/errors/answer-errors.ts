import type { GraphQLFormattedError } from 'graphql';
import { answerOf, internalAnswer, type Answer } from './answered';

/** What is logged of a failure that clients only see the request id of. */
export type OnUnexpected = (error: unknown, requestId: string) => void;

interface AnyGraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly locations?: ReadonlyArray<{ readonly line: number; readonly column: number }> | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
  readonly originalError?: unknown;
}

/** Errors of a GraphQL answer as clients see them: each with a stable code. */
export class ErrorAnswers {
  /** @param suggestions whether messages may name what the schema has instead, as introspection would */
  constructor(
    private readonly onUnexpected: OnUnexpected,
    private readonly suggestions = false,
  ) {}

  /** Errors of resolvers: with a path. What has none is wrong with the request. */
  ofExecution(errors: readonly AnyGraphqlError[], requestId: string): GraphQLFormattedError[] {
    return errors.map((error) =>
      error.path === undefined ? this.#ofDocument(error) : this.#ofResolver(error, requestId),
    );
  }

  /** Of parsing and validation. */
  ofDocument(errors: readonly AnyGraphqlError[]): GraphQLFormattedError[] {
    return errors.map((error) => this.#ofDocument(error));
  }

  /** Of anything thrown before there was a document to run. */
  of(error: unknown, requestId: string): Answer {
    const answer = answerOf(error);
    if (answer) return answer;
    this.onUnexpected(error, requestId);
    return internalAnswer(requestId);
  }

  #ofDocument({ message, locations, extensions }: AnyGraphqlError): GraphQLFormattedError {
    const code = extensions?.['code'];
    return {
      message: this.suggestions ? message : withoutSuggestion(message),
      ...(locations && { locations }),
      extensions: { code: typeof code === 'string' ? code : 'QUERY_INVALID' },
    };
  }

  #ofResolver(error: AnyGraphqlError, requestId: string): GraphQLFormattedError {
    const { message, code, details } = this.of(error.originalError ?? error, requestId);
    return {
      message,
      ...(error.locations && { locations: error.locations }),
      ...(error.path && { path: error.path }),
      extensions: { ...details, code },
    };
  }
}

/** GraphQL's own messages end in `Did you mean "name"?`. */
function withoutSuggestion(message: string): string {
  const at = message.indexOf(' Did you mean ');
  return at < 0 ? message : message.slice(0, at);
}

/** The longest wait that any of the errors asks for, in seconds. */
export function retryAfterOf(errors: readonly GraphQLFormattedError[]): number | undefined {
  const waits = errors.map(({ extensions }) => Number(extensions?.['retryAfter'] ?? 0));
  const longest = Math.max(0, ...waits);
  return longest > 0 ? longest : undefined;
}

import type { SnapshotConfig } from './config-schema';

/**
 * A configuration without where keys are, what manifest it follows, whose that is, and what is allowed of the
 * clock: the services sign with their own key, follow what they published, and have clocks of their own.
 */
export function asRequested(config: SnapshotConfig): SnapshotConfig {
  const {
    keys: _keys,
    previous: _previous,
    formerOperator: _former,
    allowFutureDate: _future,
    $schema: _schema,
    ...rest
  } = config;
  return rest;
}

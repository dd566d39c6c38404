import { createClient } from '@solvent-por/client';
import { useMemo } from 'react';
import type { OperatorAccess } from './operator-access';
import { OperatorKeyForm } from './operator-key';
import { Requests } from './requests';
import { OneFollowed } from './one-followed';
import { usePage } from '../page';
import '../../style/follow.css';

/**
 * An operator's screens.
 * @param props.apiKey lives in the page's memory and nowhere else
 */
export default function Follow({
  snapshot,
  apiKey,
  onKey,
}: {
  readonly snapshot: string | undefined;
  readonly apiKey: string | undefined;
  readonly onKey: (key: string | undefined) => void;
}) {
  const { t, source } = usePage();
  const operator = useMemo<OperatorAccess | undefined>(
    () =>
      apiKey === undefined
        ? undefined
        : { apiKey, client: createClient({ endpoint: source.config.address, apiKey }) },
    [source, apiKey],
  );
  return (
    <div className="column wide-column follow">
      {!operator && <OperatorKeyForm onKey={onKey} />}
      {operator && snapshot === undefined && <Requests operator={operator} />}
      {operator && snapshot !== undefined && (
        <OneFollowed key={snapshot} operator={operator} snapshot={snapshot} />
      )}
      {operator && (
        <p>
          <button type="button" className="secondary" onClick={() => onKey(undefined)}>
            {t('follow.leave')}
          </button>
        </p>
      )}
    </div>
  );
}

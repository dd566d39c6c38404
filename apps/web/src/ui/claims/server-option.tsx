import { useEffect, useId, useState } from 'react';
import { usePage } from '../page';

/** Whether the page's gateway makes claims about a snapshot for devices that cannot. */
export function useServerProves(snapshot: string): boolean {
  const { source } = usePage();
  const [proves, setProves] = useState(false);
  useEffect(() => {
    if (source.config.kind !== 'gateway') return undefined;
    const leaving = new AbortController();
    source.client.claimKeys(snapshot, { signal: leaving.signal }).then(
      (keys) => setProves(keys.some(({ serverProves }) => serverProves)),
      // Then it is made here, which asks nobody.
      () => undefined,
    );
    return () => leaving.abort();
  }, [source, snapshot]);
  return proves;
}

/** For devices that cannot prove: what the server then sees is said before it is chosen. */
export function ServerOption({
  chosen,
  onChosen,
}: {
  readonly chosen: boolean;
  readonly onChosen: (chosen: boolean) => void;
}) {
  const { t } = usePage();
  const id = useId();
  return (
    <div className="claim-server">
      <label htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          name="server"
          checked={chosen}
          onChange={({ currentTarget }) => onChosen(currentTarget.checked)}
          aria-describedby={`${id}-sees`}
        />
        {t('claim.server')}
      </label>
      <p id={`${id}-sees`} className={chosen ? 'note' : 'fine muted'}>
        {t('claim.serverSees')}
      </p>
    </div>
  );
}

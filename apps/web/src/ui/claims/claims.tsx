import type { ClaimAsked } from '../../check/claim-request';
import type { Published } from '../../check/source';
import { KeyForm } from '../key-form';
import { LoadedView } from '../loaded-view';
import { usePage, type Page } from '../page';
import { useLoaded } from '../use-loaded';
import type { ClaimAccount } from './claim-account';
import { ClaimLead } from './claim-lead';
import { OwnClaim } from './own-claim';
import '../../style/claims.css';

/** A private claim about one's own account in one snapshot. */
export default function Claims({
  snapshot,
  typed,
  loaded,
  asked,
  onTyped,
}: {
  readonly snapshot: string;
  readonly typed: string | undefined;
  /** A snapshot that the first screen has loaded. */
  readonly loaded: Published | undefined;
  /** What a partner's link asks for. */
  readonly asked: ClaimAsked | undefined;
  readonly onTyped: (text: string) => void;
}) {
  const page = usePage();
  const { t } = page;
  const [own, again] = useLoaded(
    typed === undefined ? undefined : (signal) => openOwn(page, snapshot, loaded, typed, signal),
    [snapshot, typed],
  );
  return (
    <div className="column claims">
      <h1>{t('claim.title')}</h1>
      {typed === undefined ? (
        <Again onTyped={onTyped} />
      ) : (
        <LoadedView loaded={own} again={again} waiting={t('claim.wait')}>
          {(account) =>
            account === 'none' ? (
              <p className="note">{t('claim.none')}</p>
            ) : account === 'malformed' ? (
              <Again onTyped={onTyped} />
            ) : (
              <OwnClaim account={account} asked={asked} />
            )
          }
        </LoadedView>
      )}
    </div>
  );
}

/** After a reload: the place is kept, the key is not. */
function Again({ onTyped }: { readonly onTyped: (text: string) => void }) {
  const { t } = usePage();
  return (
    <>
      <ClaimLead />
      <p className="note">{t('claim.again')}</p>
      <KeyForm onCheck={onTyped} />
    </>
  );
}

async function openOwn(
  { source, calls, config }: Page,
  snapshot: string,
  loaded: Published | undefined,
  text: string,
  signal: AbortSignal,
): Promise<ClaimAccount | 'none' | 'malformed'> {
  const published = loaded?.id === snapshot ? loaded : await source.named(snapshot, signal);
  if (!published.facts.claims) return 'none';
  const typed = { text, identifiers: config.identifiers };
  const who = await calls.ask('identify', { manifest: published.manifest, typed });
  return who.kind === 'malformed' ? 'malformed' : { published, id: who.id, access: who.access };
}

import { fragmentOf } from '../../check/fragment';
import { LoadedView } from '../loaded-view';
import { usePage } from '../page';
import { useLoaded } from '../use-loaded';
import type { OperatorAccess } from './operator-access';
import { RequestForm } from './request-form';

/** Snapshots that are listed. */
const SHOWN = 20;
/** As a publication of reserves names its lines. */
const ADDRESSES = /(^|\/)reserve-addresses\.ndjson$/;

/** What there is, and a form to ask for the next. */
export function Requests({ operator }: { readonly operator: OperatorAccess }) {
  const { t } = usePage();
  const [loaded, again] = useLoaded(
    async (signal) => {
      const { client } = operator;
      // The first says whether this key is an operator's: the second would answer anybody.
      const offered = await client.sources({ signal });
      // What an exchange holds lies there, too, and is no list of balances.
      const sources = { ...offered, sources: offered.sources.filter(({ path }) => !ADDRESSES.test(path)) };
      return { sources, snapshots: (await client.snapshotPage({ first: SHOWN, signal })).items };
    },
    [operator],
  );
  return (
    <>
      <h1>{t('follow.title')}</h1>
      <LoadedView loaded={loaded} again={again} waiting={t('follow.wait')} lines={6}>
        {({ sources, snapshots }) => (
          <>
            <RequestForm operator={operator} offered={sources} />
            <section aria-labelledby="follow-all">
              <h2 id="follow-all">{t('follow.snapshots')}</h2>
              {snapshots.length === 0 ? (
                <p className="muted">{t('follow.none')}</p>
              ) : (
                <SnapshotTable snapshots={snapshots} />
              )}
            </section>
          </>
        )}
      </LoadedView>
    </>
  );
}

function SnapshotTable({
  snapshots,
}: {
  readonly snapshots: Awaited<ReturnType<OperatorAccess['client']['snapshotPage']>>['items'];
}) {
  const { t, shortDate } = usePage();
  return (
    <div className="scroll">
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{t('follow.list.name')}</th>
            <th scope="col">{t('follow.list.date')}</th>
            <th scope="col">{t('follow.list.state')}</th>
          </tr>
        </thead>
        <tbody>
          {snapshots.map(({ id, takenAt, state }) => (
            <tr key={id}>
              <th scope="row">
                <a className="break" href={fragmentOf({ screen: 'follow', snapshot: id })}>
                  {id}
                </a>
              </th>
              <td>{shortDate(takenAt)}</td>
              <td className={state === 'FAILED' ? 'bad' : ''}>{t(`follow.state.${state}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

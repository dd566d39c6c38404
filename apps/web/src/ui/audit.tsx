import { useState } from 'react';
import { fragmentOf } from '../check/fragment';
import { expectedOperator } from '../check/run-check';
import { ROWS_PER_BATCH } from '../check/snapshot-facts';
import { Amount } from './amount';
import { AssetChoice } from './asset-choice';
import { DateChart } from './chart';
import { Failure } from './failure';
import { LoadedView } from './loaded-view';
import { usePage } from './page';
import { StateMark } from './state-mark';
import { useLoaded } from './use-loaded';
import type { ChainLink } from '../worker/protocol';

/** Everything that was published, each link of the chain checked. */
export function Audit() {
  const page = usePage();
  const { t, source, calls } = page;
  const [loaded, again] = useLoaded(
    async (signal) => {
      const list = await source.list(signal);
      const manifests = list.map(({ manifest }) => manifest);
      const operator = expectedOperator(page);
      const { links } = await calls.ask('chain', {
        manifests,
        ...(operator !== undefined && { expected: operator }),
      });
      return list.map((published, i) => ({ published, link: links[i]! }));
    },
    [source],
  );
  return (
    <div className="column wide-column">
      <h1>{t('audit.title')}</h1>
      <p className="lead">{t('audit.lead')}</p>
      <LoadedView loaded={loaded} again={again} waiting={t('wait.list')} lines={5}>
        {(value) =>
          value.length === 0 ? (
            <Failure problem={{ kind: 'nothing', code: 'NOTHING_PUBLISHED', message: '' }} />
          ) : (
            <List links={value.map(({ link }) => link)} ids={value.map(({ published }) => published.id)} />
          )
        }
      </LoadedView>
    </div>
  );
}

function List({ links, ids }: { readonly links: readonly ChainLink[]; readonly ids: readonly string[] }) {
  const { t, date } = usePage();
  const [asset, setAsset] = useState<string>();
  const assets = [
    ...new Set(links.flatMap(({ report }) => report?.totals.map(({ symbol }) => symbol) ?? [])),
  ];
  const chosen = asset ?? assets[0] ?? '';
  const total = ({ report }: ChainLink) =>
    report?.totals.find(({ symbol, side }) => symbol === chosen && side === 'equity')?.amount;
  const points = [...links]
    .reverse()
    .flatMap((link) => (link.report ? [{ takenAt: link.report.takenAt, amount: total(link) }] : []));
  return (
    <>
      <AssetChoice assets={assets} chosen={chosen} onChoose={setAsset} />
      <DateChart asset={chosen} points={points} />
      <h2 className="only-heard">{t('audit.snapshots')}</h2>
      <ol className="snapshots">
        {links.map((link, i) => (
          <li key={ids[i]} className="snapshot" data-snapshot={ids[i]} data-link={link.state}>
            <div className="snapshot-head">
              <h3>
                <a href={fragmentOf({ screen: 'snapshot', snapshot: ids[i]! })}>
                  {link.report ? date(link.report.takenAt) : ids[i]}
                </a>
              </h3>
              <span className="chain-line">
                <StateMark state={link.state} word={false} />
                <LinkText link={link} />
              </span>
            </div>
            {link.report && (
              <p className="snapshot-total">
                {total(link) !== undefined && (
                  <>
                    <span className="muted">{t('audit.total')}</span> <Amount value={total(link)!} />{' '}
                    <span>{chosen}</span>
                  </>
                )}
                <span className="muted fine break">
                  {ids[i]} · {t('audit.bound', { n: link.report.batchCount * ROWS_PER_BATCH })}
                </span>
              </p>
            )}
            {link.losses.length > 0 && (
              <div className="losses">
                <p>{t('audit.less')}</p>
                <ul>
                  {link.losses.map((loss) => (
                    <li key={loss}>{loss}</li>
                  ))}
                </ul>
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function LinkText({ link: { state, why } }: { readonly link: ChainLink }) {
  const { t } = usePage();
  if (state === 'false') return <strong className="bad">{t('audit.link.false', { code: why })}</strong>;
  return <span>{t(`audit.link.${why as 'follows' | 'first' | 'missing'}`)}</span>;
}

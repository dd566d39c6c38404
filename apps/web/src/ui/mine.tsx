import { useEffect, useState } from 'react';
import { fragmentOf } from '../check/fragment';
import { checkTyped, type Outcome } from '../check/run-check';
import type { Published } from '../check/source';
import { chainState } from '../check/chain-state';
import { weakest, type StepState } from '../check/states';
import { Amount } from './amount';
import { AssetChoice } from './asset-choice';
import { DateChart } from './chart';
import { LoadedView } from './loaded-view';
import { usePage } from './page';
import { StateMark } from './state-mark';
import { useLoaded } from './use-loaded';

/** The same key over everything that was published. */
export function Mine({ typed }: { readonly typed: string | undefined }) {
  const { t, source, go } = usePage();
  const [list, again] = useLoaded(typed === undefined ? undefined : (signal) => source.list(signal), [
    source,
  ]);
  if (typed === undefined)
    return (
      <div className="column">
        <h1>{t('mine.title')}</h1>
        <p>{t('mine.needKey')}</p>
        <button type="button" className="primary" onClick={() => go({ screen: 'start' })}>
          {t('start.key')}
        </button>
      </div>
    );
  return (
    <div className="column wide-column">
      <h1>{t('mine.title')}</h1>
      <p className="lead">{t('mine.lead')}</p>
      <LoadedView loaded={list} again={again} waiting={t('wait.list')}>
        {(value) => <History typed={typed} list={value} />}
      </LoadedView>
    </div>
  );
}

function History({ typed, list }: { readonly typed: string; readonly list: readonly Published[] }) {
  const page = usePage();
  const { t, date } = page;
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [asset, setAsset] = useState<string>();
  useEffect(() => {
    const ending = new AbortController();
    // One after another: a source counts look-ups, and each is shown when it is there.
    const all = async () => {
      for (const published of list) {
        const outcome = await checkTyped(page, published, typed, () => undefined, ending.signal);
        if (ending.signal.aborted) return;
        setOutcomes((before) => new Map(before).set(published.id, outcome));
      }
    };
    void all();
    return () => ending.abort();
  }, [list, typed]);

  const reports = [...outcomes.values()].filter((outcome) => outcome.kind === 'report');
  const assets = [...new Set(reports.flatMap(({ report }) => report.values.map(({ symbol }) => symbol)))];
  const chosen = asset ?? assets[0] ?? '';
  const chain = chainState([...outcomes.values()]);
  const amountOf = (id: string) => amountIn(outcomes.get(id), chosen);
  return (
    <>
      {outcomes.size < list.length ? (
        <p role="status" className="muted">
          {t('mine.progress', { done: outcomes.size, n: list.length })}
        </p>
      ) : (
        reports.length > 0 && (
          <p role="status" className="chain-line">
            <StateMark state={chain} word={false} />
            {t(CHAIN_TEXT[chain])}
          </p>
        )
      )}
      <AssetChoice assets={assets} chosen={chosen} onChoose={setAsset} />
      <DateChart
        asset={chosen}
        points={[...list]
          .reverse()
          .map(({ id, facts }) => ({ takenAt: facts.takenAt, amount: amountOf(id) }))}
      />
      <div className="scroll">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">{t('mine.date')}</th>
              <th scope="col" className="right">
                {t('balance.amount')}
              </th>
              <th scope="col">{t('mine.state')}</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ id, facts }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={fragmentOf({ screen: 'result', snapshot: id })}>{date(facts.takenAt)}</a>
                  <span className="fine muted break snapshot-name">{id}</span>
                </th>
                <td className="right">{amountOf(id) !== undefined && <Amount value={amountOf(id)!} />}</td>
                <td>
                  <OutcomeState outcome={outcomes.get(id)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="fine muted">{t('mine.note')}</p>
    </>
  );
}

const CHAIN_TEXT = {
  checked: 'mine.chain',
  server: 'mine.chainOpen',
  open: 'mine.chainOpen',
  unreadable: 'mine.chainOpen',
  false: 'mine.chainBroken',
} as const;

function OutcomeState({ outcome }: { readonly outcome: Outcome | undefined }) {
  const { t } = usePage();
  if (!outcome) return <span className="muted">{t('state.waiting')}</span>;
  if (outcome.kind === 'missing') return <strong className="bad">{t('mine.missing')}</strong>;
  if (outcome.kind !== 'report') return <span className="muted">{t('mine.failed')}</span>;
  // Whether no batch is negative is a question to each snapshot's whole proof, which this list does not read.
  const states: StepState[] = outcome.report.steps
    .filter(({ id }) => id !== 'everybody')
    .map(({ state }) => state);
  return <StateMark state={weakest(states)} />;
}

function amountIn(outcome: Outcome | undefined, asset: string): string | undefined {
  if (outcome?.kind !== 'report') return undefined;
  return outcome.report.values.find(({ symbol, side }) => symbol === asset && side === 'equity')?.amount;
}

import type { SealedBundle } from '@solvent-por/client';
import { useEffect, useState } from 'react';
import { problemOf } from '../../check/problem';
import { usePage } from '../page';
import { useLoaded } from '../use-loaded';
import type { OperatorAccess } from './operator-access';

/** Milliseconds between two looks at a bundle that is being made: no subscription tells it. */
const LOOK_EVERY_MS = 2000;

/** The sealed bundle of a published snapshot: asked for on the operator's word, then watched. */
export function SealedBundleSection({
  operator: { client },
  snapshot,
}: {
  readonly operator: OperatorAccess;
  readonly snapshot: string;
}) {
  const { t } = usePage();
  const [loaded, look] = useLoaded((signal) => client.sealedBundle(snapshot, { signal }), [client, snapshot]);
  const [known, setKnown] = useState<SealedBundle | null>(null);
  const [word, setWord] = useState(false);
  const [wrong, setWrong] = useState<string>();
  useEffect(() => {
    if (loaded.state === 'there') setKnown(loaded.value);
    if (loaded.state === 'failed') setWrong(t('follow.refused', { message: loaded.problem.message }));
  }, [loaded]);
  const going = known?.state === 'REQUESTED' || known?.state === 'SEALING';
  useEffect(() => {
    if (!going) return;
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [going, look]);
  const ask = async () => {
    setWrong(undefined);
    try {
      setKnown((await client.sealBundle(snapshot, { keysAreSecret: word })).bundle);
    } catch (error) {
      const { code, message } = problemOf(error);
      setWrong(t('follow.refused', { message: `${message} (${code})` }));
    }
  };
  return (
    <section className="follow-sealed" aria-labelledby="follow-sealed">
      <h2 id="follow-sealed">{t('follow.sealed')}</h2>
      <p>{t('follow.sealed.text')}</p>
      <p role="status" className="break" data-sealed={known?.state ?? 'none'}>
        {known && <BundleState bundle={known} />}
      </p>
      {loaded.state !== 'loading' && (known === null || known.state === 'FAILED') && (
        <>
          <label className="source">
            <input
              type="checkbox"
              checked={word}
              onChange={({ currentTarget }) => setWord(currentTarget.checked)}
            />
            <span>{t('follow.sealed.word')}</span>
          </label>
          <p>
            <button type="button" className="secondary" disabled={!word} onClick={() => void ask()}>
              {t('follow.sealed.ask')}
            </button>
          </p>
        </>
      )}
      <p className="wrong break" role="alert">
        {wrong}
      </p>
    </section>
  );
}

function BundleState({ bundle }: { readonly bundle: SealedBundle }) {
  const { t, number } = usePage();
  const { state, batches, batchesSealed, url, failure } = bundle;
  switch (state) {
    case 'REQUESTED':
      return t('follow.sealed.state.REQUESTED');
    case 'SEALING':
      return t('follow.sealed.state.SEALING', { done: number(batchesSealed), n: batches });
    case 'SEALED':
      return t('follow.sealed.state.SEALED', { url: url ?? '' });
    case 'FAILED':
      return t('follow.sealed.state.FAILED', { message: failure?.message ?? '', code: failure?.code ?? '' });
  }
}

import { useState } from 'react';
import { forget, recall } from '../check/memory';
import { snapshotFacts } from '../check/snapshot-facts';
import { Hex } from './hex';
import { usePage } from './page';
import type { BuildFacts } from './build-facts';
import type { Loaded } from './use-loaded';

/** Which page this is, how to tell, and what it keeps. */
export function About({ build }: { readonly build: Loaded<BuildFacts> }) {
  const { t, source, store, date } = usePage();
  const [forgotten, setForgotten] = useState(0);
  const seen = recall(store, source.exchange);
  const facts = seen && snapshotFacts(seen.manifest);
  const forgetIt = () => {
    forget(store, source.exchange);
    setForgotten(forgotten + 1);
  };
  return (
    <div className="column">
      <h1>{t('about.title')}</h1>
      <p className="lead">{t('about.lead')}</p>
      <h2>{t('about.build')}</h2>
      {build.state === 'there' ? (
        <>
          <p>
            <Hex value={build.value.digest} label={t('about.build')} />
          </p>
          <p>{t('about.compare')}</p>
          <details className="show">
            <summary>{t('about.files', { n: Object.keys(build.value.files).length })}</summary>
            <dl className="facts">
              {Object.entries(build.value.files).map(([file, digest]) => (
                <div key={file} className="fact-pair">
                  <dt className="break">{file}</dt>
                  <dd>
                    <Hex value={digest} label={file} />
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      ) : (
        <p className="muted">{t('about.noDigest')}</p>
      )}
      <h2>{t('about.single')}</h2>
      <p>
        <a href="./solvent-verify.html" download>
          solvent-verify.html
        </a>
        : {t('about.singleText')}
      </p>
      <h2>{t('about.remembered')}</h2>
      {facts ? (
        <>
          <p>{t('about.rememberedText', { key: facts.operator.slice(2, 10), date: date(facts.takenAt) })}</p>
          <button type="button" className="secondary" onClick={forgetIt}>
            {t('about.forget')}
          </button>
        </>
      ) : (
        <p>{t('about.nothing')}</p>
      )}
      <h2>{t('claim.licence')}</h2>
      <p>{t('claim.licenceText')}</p>
      <p className="fine">
        <a href="./licences.txt">{t('about.licences')}</a>
      </p>
    </div>
  );
}

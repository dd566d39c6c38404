import type { OfferedSources } from '@solvent-por/client';
import { useId, useState, type FormEvent } from 'react';
import { problemOf } from '../../check/problem';
import { LONGEST_CONFIG_BYTES, readRequestConfig, type RequestConfig } from '../../check/request-config';
import { ChooseFiles } from '../files';
import { Hex } from '../hex';
import { usePage } from '../page';
import type { OperatorAccess } from './operator-access';
import { SourceChoice } from './source-choice';

/** Balances that ingest offers, or a path to others, with a configuration: all that a request is made of. */
export function RequestForm({
  operator,
  offered,
}: {
  readonly operator: OperatorAccess;
  readonly offered: OfferedSources;
}) {
  const { t, go } = usePage();
  const id = useId();
  const [source, setSource] = useState(offered.sources[0]?.path ?? '');
  const [config, setConfig] = useState<RequestConfig>();
  const [wrong, setWrong] = useState<string>();
  const [asking, setAsking] = useState(false);

  const choose = async ([file]: readonly File[]) => {
    if (!file) return;
    const read = file.size <= LONGEST_CONFIG_BYTES ? readRequestConfig(await file.text()) : undefined;
    setConfig(read);
    setWrong(read ? undefined : t('follow.config.bad', { file: file.name }));
  };
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (source === '' || !config) return setWrong(t('follow.request.incomplete'));
    setAsking(true);
    setWrong(undefined);
    try {
      const { snapshot } = await operator.client.requestSnapshot({ config: config.text, source });
      go({ screen: 'follow', snapshot: snapshot.id });
    } catch (error) {
      const { code, message } = problemOf(error);
      setWrong(t('follow.refused', { message: `${message} (${code})` }));
      setAsking(false);
    }
  };
  return (
    <form className="request" onSubmit={(event) => void ask(event)} aria-labelledby={id} noValidate>
      <h2 id={id}>{t('follow.ask')}</h2>
      <SourceChoice offered={offered} chosen={source} onChoose={setSource} />
      <div className="request-config">
        <h3>{t('follow.config')}</h3>
        <p className="fine muted">{t('follow.config.help')}</p>
        {config && <ConfigFacts config={config} />}
        <p>
          <ChooseFiles className="secondary" onFiles={(files) => void choose(files)}>
            {t('follow.config.choose')}
          </ChooseFiles>
        </p>
      </div>
      <p className="wrong break" role="alert">
        {wrong}
      </p>
      <p>
        <button type="submit" className="primary" disabled={asking}>
          {t('follow.request')}
        </button>
      </p>
      <p className="fine muted">{t('follow.publishing')}</p>
    </form>
  );
}

function ConfigFacts({ config }: { readonly config: RequestConfig }) {
  const { t, number } = usePage();
  const rows = [
    ['follow.config.name', config.snapshot],
    ['follow.config.taken', config.takenAt],
    ['follow.config.mode', config.mode],
    ['follow.config.assets', number(config.assets)],
  ] as const;
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div key={name} className="fact-pair">
          <dt>{t(name)}</dt>
          <dd className="break">{value}</dd>
        </div>
      ))}
      <div className="fact-pair">
        <dt>{t('follow.config.operator')}</dt>
        <dd>
          <Hex value={config.operator} label={t('follow.config.operator')} />
        </dd>
      </div>
    </dl>
  );
}

import { useId } from 'react';
import { usePage } from './page';

/** Which asset a list and its chart are of; nothing where there is but one. */
export function AssetChoice({
  assets,
  chosen,
  onChoose,
}: {
  readonly assets: readonly string[];
  readonly chosen: string;
  readonly onChoose: (asset: string) => void;
}) {
  const { t } = usePage();
  const id = useId();
  if (assets.length < 2) return null;
  return (
    <p className="choice">
      <label htmlFor={id}>{t('mine.asset')}</label>
      <select id={id} value={chosen} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {assets.map((asset) => (
          <option key={asset}>{asset}</option>
        ))}
      </select>
    </p>
  );
}

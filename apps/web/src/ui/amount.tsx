import { writeAmount } from '../i18n/format';
import { usePage } from './page';

/** An exact amount in two parts, so that points stand under each other. */
export function Amount({ value, large = false }: { readonly value: string; readonly large?: boolean }) {
  const { language } = usePage();
  const { whole, fraction } = writeAmount(value, language);
  return (
    <span className={large ? 'amount amount-large' : 'amount'}>
      <span className="amount-whole">{whole}</span>
      <span className="amount-fraction">{fraction}</span>
    </span>
  );
}

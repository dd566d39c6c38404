import { usePage } from '../page';

/** What a claim is, for as long as there is none. */
export function ClaimLead() {
  const { t } = usePage();
  return <p className="lead">{t('claim.lead')}</p>;
}

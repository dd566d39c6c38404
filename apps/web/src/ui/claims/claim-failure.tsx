import { claimTrouble } from '../../check/claim-trouble';
import type { Problem } from '../../check/problem';
import { Failure } from '../failure';
import { usePage } from '../page';

/** Why there is no claim, and what to do next. */
export function ClaimFailure({
  doing,
  problem,
}: {
  readonly doing: 'opening' | 'making';
  readonly problem: Problem;
}) {
  const { t } = usePage();
  const trouble = claimTrouble(doing, problem);
  if (!trouble) return <Failure problem={problem} level="h3" />;
  return (
    <section className="claim-failed" role="alert" data-trouble={trouble}>
      <h2>{t('claim.failed.title')}</h2>
      <p>{t(`claim.failed.${trouble}`, { reason: problem.message })}</p>
      <p className="fine muted break">{t('claim.failed.detail', { code: problem.code })}</p>
    </section>
  );
}

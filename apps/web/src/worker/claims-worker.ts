import { answerCalls } from './answer-calls';
import { makeClaim, openClaimFile } from './make-claim';
import { takeServedClaim } from './served-claim';
import { readShown, verifyShown } from './shown-claim';

/** The worker that makes private claims, and verifies those that are shown: loaded when somebody wants one. */
answerCalls({
  ...{ claimFile: openClaimFile, claim: makeClaim, servedClaim: takeServedClaim },
  ...{ shown: readShown, shownClaim: verifyShown },
});

import { answerCalls } from './answer-calls';
import { makeClaim, openClaimFile } from './make-claim';
import { takeServedClaim } from './served-claim';

/** The worker that makes private claims: loaded when somebody wants one. */
answerCalls({ claimFile: openClaimFile, claim: makeClaim, servedClaim: takeServedClaim });

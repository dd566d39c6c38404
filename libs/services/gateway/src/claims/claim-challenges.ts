import { claimScope, newChallenge } from '@solvent-por/claims';
import { toHex } from '@solvent-por/kzg';
import type { Challenge } from '@solvent-por/services/database';
import type { Caller } from '../access/caller';
import { refuseOtherPartner } from './own-partner';

/** A challenge as a partner hands it on. */
export interface GivenChallenge {
  readonly challenge: string;
  readonly scope: string;
  readonly expiresAt: Date;
}

/** Gives out challenges for claims: each for one scope, to one key. */
export class ClaimChallenges {
  /** @param give remembers one, and says until when @throws SolventError CLAIM_CHALLENGES_MANY */
  constructor(private readonly give: (challenge: Challenge) => Promise<Date>) {}

  /**
   * @param caller with a key
   * @param partner one of the key's names
   * @throws SolventError CLAIM_SCOPE_TEXT, CLAIM_PARTNER, CLAIM_CHALLENGES_MANY (usage)
   */
  async new(caller: Caller, partner: string, purpose: string): Promise<GivenChallenge> {
    const scope = claimScope(partner, purpose);
    refuseOtherPartner(caller, partner);
    const challenge = newChallenge();
    const expiresAt = await this.give({ challenge, scope, apiKeyId: caller.keyId! });
    return { challenge: toHex(challenge), scope: toHex(scope), expiresAt };
  }
}

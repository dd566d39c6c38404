import { hexOf } from '../hex';
import { signaturesOf, type Scheme } from './evidence';
import { ethereumHash } from './ethereum-message';

const MOST_SIGNATURE_BYTES = 8192;

/** A contract's own word, which only a node can ask for, and which counts only where its code is known. */
export const EIP1271: Scheme = {
  required: ['signatures'],
  fits: ({ family }) => family === 'eip155',
  judge: (claim) => {
    const [signature] = signaturesOf(claim, 1, 1, MOST_SIGNATURE_BYTES);
    return {
      verdict: 'unchecked',
      question: {
        kind: 'eip1271',
        hash: hexOf(ethereumHash(claim.text)),
        signature: hexOf(signature!),
      },
    };
  },
};

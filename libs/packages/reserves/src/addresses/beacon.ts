import { bytesOf } from '../hex';
import { account, type Network } from './network';

/** A validator's 48-byte key: its form alone, for its signing key cannot take the stake. */
export const BEACON: Network = {
  name: 'beacon',
  family: 'beacon',
  read: (address) => {
    const bytes = bytesOf(address, 48);
    return bytes?.length === 48 ? account(address, 'key', bytes) : undefined;
  },
};

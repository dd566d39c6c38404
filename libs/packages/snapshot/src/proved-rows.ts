import type { Header } from '@solvent-por/verifier';
import type { AccountRow } from './account-row';
import { AggregateRow } from './aggregate-row';
import { AssetRow } from './asset-row';
import type { SnapshotConfig } from './config-schema';

/** The conversion of section 3 that fits the header's mode. */
export function accountRow(config: SnapshotConfig, header: Header): AccountRow {
  return header.mode === 'aggregate'
    ? new AggregateRow(config, header.assets[0]!.limbs)
    : new AssetRow(config, header);
}

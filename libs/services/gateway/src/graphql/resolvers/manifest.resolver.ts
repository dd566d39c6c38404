import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { lossesBetween } from '@solvent-por/verifier';
import { PreviousManifests } from '../../snapshots/previous-manifests';
import { LossType } from '../types/loss.types';
import { ManifestType } from '../types/manifest.types';
import { lossView } from '../views/loss-view';
import type { ManifestView } from '../views/snapshot-view';

/** What is not in a manifest itself. */
@Resolver(() => ManifestType)
export class ManifestResolver {
  constructor(private readonly previous: PreviousManifests) {}

  @ResolveField(() => String, {
    nullable: true,
    complexity: 2,
    description:
      'The key that signed the manifest that it names as previous, where that is another than its own: then the chain is one under a new key. Whether both are of one operator only the operator can say, in public. Null otherwise, or where no previous one was published here.',
  })
  async formerOperator(@Parent() { of: manifest }: ManifestView): Promise<string | null> {
    const earlier = manifest.previous === null ? undefined : await this.previous.of(manifest.previous);
    const key = earlier?.header.operator;
    return key === undefined || key === manifest.header.operator ? null : key;
  }

  @ResolveField(() => [LossType], {
    nullable: true,
    complexity: 40,
    description:
      'How it shows less than the manifest that it names as previous, skipped months too; empty where it shows no less, null where no previous one was published here. No substitute for your own comparison (`solvent compare`): you would be trusting the server.',
  })
  async lessThanPrevious(@Parent() { of: manifest }: ManifestView): Promise<LossType[] | null> {
    if (manifest.previous === null) return null;
    const earlier = await this.previous.of(manifest.previous);
    return earlier ? lossesBetween(earlier, manifest).map(lossView) : null;
  }
}

import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifyingKey, type VerifyingKey } from '@solvent-por/claims';
// By their files: the rest of these libraries opens databases.
import { sharedFolder } from '../../servers/src/shared-server';
import { makeClaimKeys } from '../../local/src/claim-keys';

const ROOT = join(__dirname, '../../../..');
/** Others of the run wait for whoever makes them: a minute of computing, beside much other work. */
const PATIENCE_MS = 900_000;

/** A development set-up, as `solvent ceremony export` writes it. */
export interface TestClaimKeys {
  readonly zkey: Uint8Array;
  readonly wasm: Uint8Array;
  readonly verifyingKey: VerifyingKey;
  /** The bytes of the verifying key's document. */
  readonly document: Uint8Array;
  /** Where they lie under their digests; shared by the run: nobody may change it. */
  readonly folder: string;
}

/**
 * The development set-up for layouts of so many values, from the same cache as `npm start -- --claims`: made once a
 * machine, by one process of a run while the others wait.
 */
export async function testClaimKeys(values: number): Promise<TestClaimKeys> {
  const fill = async (folder: string) =>
    cpSync(await (await makeClaimKeys(ROOT, values)).folder, folder, { recursive: true });
  const folder = await sharedFolder(`claim-keys-${values}`, fill, PATIENCE_MS);
  const names = readdirSync(folder);
  const read = (ending: string) =>
    new Uint8Array(
      readFileSync(
        join(
          folder,
          names.find((name) => name.endsWith(ending))!,
        ),
      ),
    );
  const document = read('.json');
  return {
    ...{ zkey: read('.zkey'), wasm: read('.wasm'), document, folder },
    verifyingKey: parseVerifyingKey(document),
  };
}

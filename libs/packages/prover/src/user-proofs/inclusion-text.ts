import { toHex, utf8 } from '@solvent-por/kzg';
import { PROTOCOL, type Inclusion } from '@solvent-por/verifier';

/**
 * The documents of inclusions of one batch: what is the same in each is written once. Members stand in the
 * order of RFC 8785, so that these are the bytes of `canonicalJson(inclusionToJson(…))`, without sorting four
 * thousand times what is known.
 */
export class InclusionText {
  #batch: { readonly of: Inclusion; readonly parts: readonly [string, string, string, string] } | undefined;

  bytes(inclusion: Inclusion): Uint8Array {
    const { row, id, salt, values, accountPath, openings } = inclusion;
    const [batch, manifest, path, sum] = this.#parts(inclusion);
    return utf8(
      `{"accountPath":${hexList(accountPath)},${batch},"id":"${toHex(id)}",${manifest},"openings":${hexList(openings)},` +
        `${path},"row":${row},"salt":"${toHex(salt)}",${sum},"values":[${values.map((value) => `"${value}"`).join()}]}`,
    );
  }

  #parts(inclusion: Inclusion): readonly [string, string, string, string] {
    const { batch, manifest, path, sum } = inclusion;
    const known = this.#batch?.of;
    if (known?.batch === batch && known.manifest === manifest && known.path === path && known.sum === sum)
      return this.#batch!.parts;
    const nodes = path.map((node) => `{"hash":"${toHex(node.hash)}","sum":"${toHex(node.sum)}"}`);
    const parts = [
      `"batch":${batch}`,
      `"manifest":"${toHex(manifest)}"`,
      `"path":[${nodes.join()}],"protocol":"${PROTOCOL}"`,
      `"sum":"${toHex(sum)}"`,
    ] as const;
    this.#batch = { of: inclusion, parts };
    return parts;
  }
}

function hexList(list: readonly Uint8Array[]): string {
  return `[${list.map((bytes) => `"${toHex(bytes)}"`).join()}]`;
}

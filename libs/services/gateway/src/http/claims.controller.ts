import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../access/operation';
import { ClaimKeyFiles, type CheckedFile } from '../claims/claim-keys';
import { refusals } from '../errors/answered';
import type { ByteRange } from '../global/byte-range';
import { Downloads } from './downloads';
import { sendRanged } from './published-file';

/**
 * What claims are proved and verified with, for anybody, below the digest of the verifying key: it names the
 * digests of the others, so nothing here ever changes.
 */
@Controller('claims')
export class ClaimsController {
  constructor(
    private readonly keys: ClaimKeyFiles,
    private readonly downloads: Downloads,
  ) {}

  @Head(':digest/verifying-key.json')
  @Operation({ counts: 'other' })
  headOfKey(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#key(digest, request, reply);
  }

  @Get(':digest/verifying-key.json')
  @Operation({ counts: 'other' })
  key(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#key(digest, request, reply);
  }

  @Head(':digest/proving-key.zkey')
  @Operation({ counts: 'other' })
  headOfZkey(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#zkey(digest, request, reply);
  }

  @Get(':digest/proving-key.zkey')
  @Operation({ counts: 'other' })
  zkey(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#zkey(digest, request, reply);
  }

  @Head(':digest/circuit.wasm')
  @Operation({ counts: 'other' })
  headOfCircuit(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#circuit(digest, request, reply);
  }

  @Get(':digest/circuit.wasm')
  @Operation({ counts: 'other' })
  circuit(@Param('digest') digest: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#circuit(digest, request, reply);
  }

  async #key(digest: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#send(() => this.keys.find(digest), 'application/json', request, reply);
  }

  async #zkey(digest: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const find = () => this.keys.artefact(digest, 'zkey');
    await this.#send(find, 'application/octet-stream', request, reply);
  }

  async #circuit(digest: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#send(() => this.keys.artefact(digest, 'wasm'), 'application/wasm', request, reply);
  }

  /** @throws SolventError CLAIM_KEY_NOT_SERVED */
  async #send(
    find: () => Promise<CheckedFile | undefined>,
    type: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    // Before a file of many MB is read and hashed, which HEAD asks for as well.
    const send = this.downloads.take(request, reply);
    const file = await find();
    if (!file) throw refusals.claimKeyNotServed();
    const { digest, bytes, modifiedAt } = file;
    const content = {
      version: { etag: `"${digest.slice(2)}"`, modified: modifiedAt.toUTCString() },
      ...{ type, size: bytes.length },
      read: async function* ({ start, end }: ByteRange) {
        yield bytes.subarray(start, end);
      },
    };
    // All downloads of a file share the bytes that are held anyway: each takes one place.
    await sendRanged(content, request.method === 'HEAD' ? undefined : send, request, reply);
  }
}

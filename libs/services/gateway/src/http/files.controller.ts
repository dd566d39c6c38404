import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../access/operation';
import { refusals } from '../errors/answered';
import type { ByteRange } from '../global/byte-range';
import { GlobalProofs, type OpenedProof } from '../global/global-proofs';
import { Downloads } from './downloads';
import { describe, sendRanged, type Version } from './published-file';

/** What anybody may download. Each answer carries the digest of its content as its entity tag. */
@Controller('snapshots')
export class FilesController {
  constructor(
    private readonly proofs: GlobalProofs,
    private readonly downloads: Downloads,
  ) {}

  @Head(':id/manifest.json')
  @Operation({ counts: 'other' })
  headOfManifest(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#manifest(id, request, reply);
  }

  @Get(':id/manifest.json')
  @Operation({ counts: 'other' })
  manifest(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#manifest(id, request, reply);
  }

  @Head(':id/global-proof.ndjson')
  @Operation({ counts: 'other' })
  headOfGlobalProof(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#globalProof(id, request, reply);
  }

  @Get(':id/global-proof.ndjson')
  @Operation({ counts: 'other' })
  globalProof(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#globalProof(id, request, reply);
  }

  async #manifest(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { row } = await this.#open(id);
    const send = request.method === 'HEAD' ? undefined : this.downloads.take(request, reply);
    const bytes = Buffer.from(row.manifest!);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (!describe(versionOf(digest, row), request, reply)) return;
    reply.header('content-type', 'application/json').header('content-length', bytes.length);
    await reply.send(send?.([bytes]));
  }

  async #globalProof(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const opened = await this.#open(id);
    const { row, file } = opened;
    const send = request.method === 'HEAD' ? undefined : this.downloads.take(request, reply);
    const content = {
      version: versionOf(file.digest, row),
      ...{ type: 'application/x-ndjson', size: file.size },
      read: (range: ByteRange) => this.proofs.read(opened, range),
    };
    await sendRanged(content, send, request, reply);
  }

  /** @throws SolventError SNAPSHOT_NOT_FOUND */
  async #open(id: string): Promise<OpenedProof> {
    const opened = await this.proofs.open(id);
    if (!opened) throw refusals.snapshotNotFound();
    return opened;
  }
}

function versionOf(digest: string, { publishedAt }: OpenedProof['row']): Version {
  return { etag: `"${digest}"`, modified: publishedAt!.toUTCString() };
}

import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../access/operation';
import { refusals } from '../errors/answered';
import { ifRange, parseRange } from '../global/byte-range';
import { GlobalProofs, type OpenedProof } from '../global/global-proofs';
import { Downloads } from './downloads';
import { begun, describe, text, type Version } from './published-file';

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
    const version = versionOf(file.digest, row);
    if (!describe(version, request, reply)) return;
    reply.header('content-type', 'application/x-ndjson').header('accept-ranges', 'bytes');
    const { headers, method } = request;
    const wanted =
      method === 'GET' && ifRange(text(headers['if-range']), version.etag, version.modified)
        ? parseRange(headers.range, file.size)
        : undefined;
    if (wanted === 'unsatisfiable') {
      await reply.code(416).header('content-range', `bytes */${file.size}`).send();
      return;
    }
    const range = wanted ?? { start: 0, end: file.size };
    if (wanted) reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${file.size}`);
    reply.header('content-length', range.end - range.start);
    await reply.send(send && send(await begun(this.proofs.read(opened, range))));
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

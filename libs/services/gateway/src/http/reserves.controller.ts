import { createHash } from 'node:crypto';
import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../access/operation';
import { refusals } from '../errors/answered';
import type { ByteRange } from '../global/byte-range';
import { ReservesFiles, type OpenedReserves } from '../reserves/published-reserves';
import { Downloads } from './downloads';
import { describe, sendRanged } from './published-file';

/** The two files of published reserves, for anybody. Each answer carries the digest of its content as its entity tag. */
@Controller('snapshots')
export class ReservesController {
  constructor(
    private readonly files: ReservesFiles,
    private readonly downloads: Downloads,
  ) {}

  @Head(':id/reserves.json')
  @Operation({ counts: 'other' })
  headOfDocument(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#document(id, request, reply);
  }

  @Get(':id/reserves.json')
  @Operation({ counts: 'other' })
  document(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#document(id, request, reply);
  }

  @Head(':id/reserve-addresses.ndjson')
  @Operation({ counts: 'other' })
  headOfAddresses(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#addresses(id, request, reply);
  }

  @Get(':id/reserve-addresses.ndjson')
  @Operation({ counts: 'other' })
  addresses(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#addresses(id, request, reply);
  }

  async #document(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { published } = await this.#open(id);
    const { document, record } = published;
    const send = request.method === 'HEAD' ? undefined : this.downloads.take(request, reply, document.length);
    const digest = createHash('sha256').update(document).digest('hex');
    const version = { etag: `"${digest}"`, modified: record.publishedAt!.toUTCString() };
    if (!describe(version, request, reply)) return;
    reply.header('content-type', 'application/json').header('content-length', document.length);
    await reply.send(send?.([document]));
  }

  async #addresses(id: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const opened = await this.#open(id);
    const { reserves, published } = opened;
    const { digest, bytes } = reserves.addresses;
    const send = request.method === 'HEAD' ? undefined : this.downloads.take(request, reply);
    const file = {
      version: { etag: `"${digest.slice(2)}"`, modified: published.record.publishedAt!.toUTCString() },
      ...{ type: 'application/x-ndjson', size: bytes },
      read: (range: ByteRange) => this.files.read(opened, range),
    };
    await sendRanged(file, send, request, reply);
  }

  /** @throws SolventError RESERVES_NOT_FOUND */
  async #open(id: string): Promise<OpenedReserves> {
    const opened = await this.files.open(id);
    if (!opened) throw refusals.reservesNotFound();
    return opened;
  }
}

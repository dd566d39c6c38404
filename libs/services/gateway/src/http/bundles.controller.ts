import { Controller, Get, Head, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Operation } from '../access/operation';
import { refusals } from '../errors/answered';
import type { BundleFileName } from '@solvent-por/services/database';
import { CheckedBundles } from './checked-bundles';
import { Downloads } from './downloads';
import { begun, describe } from './published-file';

const JSON_TYPE = 'application/json';
const BINARY_TYPE = 'application/octet-stream';
/** As section 15 of the specification names them, and nothing else. */
const SHARD = /^([0-9a-f]{4})\.bin$/;

/**
 * Files of sealed bundles, for anybody: the folder that `prove-user --format sealed` writes. Whole only: who
 * asks for a part of a shard would say whose.
 * Each answer carries the digest of the bundle's index as its entity tag.
 */
@Controller('snapshots/:id/sealed')
export class BundlesController {
  constructor(
    private readonly bundles: CheckedBundles,
    private readonly downloads: Downloads,
  ) {}

  @Head('index.json')
  @Operation({ counts: 'other' })
  headOfIndex(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'index', request, reply);
  }

  @Get('index.json')
  @Operation({ counts: 'other' })
  index(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'index', request, reply);
  }

  @Head('manifest.json')
  @Operation({ counts: 'other' })
  headOfManifest(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'manifest', request, reply);
  }

  @Get('manifest.json')
  @Operation({ counts: 'other' })
  manifest(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'manifest', request, reply);
  }

  @Head('tree.bin')
  @Operation({ counts: 'other' })
  headOfTree(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'tree', request, reply);
  }

  @Get('tree.bin')
  @Operation({ counts: 'other' })
  tree(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.#send(id, 'tree', request, reply);
  }

  @Head('shards/:file')
  @Operation({ counts: 'other' })
  headOfShard(
    @Param('id') id: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.#send(id, shardOf(file), request, reply);
  }

  @Get('shards/:file')
  @Operation({ counts: 'other' })
  shard(
    @Param('id') id: string,
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.#send(id, shardOf(file), request, reply);
  }

  /** @throws SolventError BUNDLE_NOT_FOUND */
  async #send(id: string, name: BundleFileName, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const file = await this.bundles.open(id, name);
    if (!file) throw refusals.bundleNotFound();
    const send = request.method === 'HEAD' ? undefined : this.downloads.take(request, reply);
    const version = { etag: `"${file.digest}"`, modified: file.sealedAt.toUTCString() };
    if (!describe(version, request, reply)) return;
    const type = name === 'index' || name === 'manifest' ? JSON_TYPE : BINARY_TYPE;
    reply.header('content-type', type).header('content-length', file.size).header('accept-ranges', 'none');
    if (!send) return void (await reply.send());
    await this.bundles.check(id, name, file);
    await reply.send(send(await begun(file.pieces())));
  }
}

/** @throws SolventError BUNDLE_NOT_FOUND: no bundle has a file of this name */
function shardOf(file: string): number {
  const [, digits] = SHARD.exec(file) ?? [];
  if (digits === undefined) throw refusals.bundleNotFound();
  return parseInt(digits, 16);
}

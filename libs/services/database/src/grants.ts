/** The services that connect to the database, each as a role of its own. */
export const SERVICES = ['gateway', 'ingest', 'prover', 'signer'] as const;
export type DatabaseService = (typeof SERVICES)[number];

/** Every service looks whether the tables are up to date, and adds lines to the audit, of which it reads none. */
const COMMON = ['SELECT ON "_prisma_migrations"', 'INSERT (actor, action, target, details) ON audit_event'];
const FAILING = 'UPDATE (state, failure, failed_at) ON snapshot';
const RESERVES_FAILING = 'UPDATE (state, failure, failed_at) ON reserves';

/**
 * The rights of each service, as GRANT says them: what its queries need, and nothing else. Nobody may delete a
 * snapshot, change a published manifest, or read the audit; API keys are the gateway's alone, and the signer
 * alone publishes. Row locks (FOR SHARE) take the right to update some column.
 */
export const GRANTS: Readonly<Record<DatabaseService, readonly string[]>> = {
  gateway: [
    ...COMMON,
    // Reads what it serves.
    'SELECT ON snapshot, proof, batch, batch_cells, tree_node, inclusion_document, account_entry, sealed_bundle, sealed_shard, published_digests',
    'SELECT (snapshot_id) ON sealed_entries',
    // Shows operators what ingest found.
    'SELECT ON source_listing',
    // Takes requests; the next attempt begins as the first one did.
    'INSERT (id, config, header, header_digest, taken_at, source, requested_by, request_mac) ON snapshot',
    `UPDATE (attempt, state, failure, source_digest, accounts, batches_per_proof, batch_count, requested_by, requested_at,
       request_mac, plan_mac, ingesting_at, proving_at, failed_at, private_data_dropped_at) ON snapshot`,
    'EXECUTE ON FUNCTION prepare_attempt(text)',
    'INSERT (snapshot_id, requested_by, request_mac) ON sealed_bundle',
    'UPDATE (state, failure, failed_at, requested_by, requested_at, request_mac) ON sealed_bundle',
    'SELECT ON reserves, reserve_part, reserve_line',
    'INSERT (snapshot_id, source, requested_by, request_mac) ON reserves',
    `UPDATE (attempt, state, source, failure, document, lines, bytes, parts, part_digests, nodes, known, requested_by, requested_at,
       request_mac, plan_mac, nodes_mac, reading_at, judging_at, failed_at) ON reserves`,
    'EXECUTE ON FUNCTION prepare_reserves(text)',
    // Claim files go on from them.
    'SELECT ON claim_roots',
    // Challenges are taken once; what was seen of claims stays.
    'SELECT, INSERT (challenge, scope, api_key_id, expires_at), DELETE ON claim_challenge',
    'UPDATE (taken_at) ON claim_challenge',
    'SELECT, INSERT ON claim_nullifier',
    // Has provers make claims; what they answer is theirs.
    'SELECT, INSERT (id, snapshot_id, caller, account, request, witness_key_id, until), UPDATE (until), DELETE ON claim_proving',
    // Keeps what look-ups made.
    'INSERT ON batch_cells, inclusion_document',
    // Mends what was damaged.
    'UPDATE (cells, witness_key_id) ON batch_cells',
    'UPDATE (document, witness_key_id) ON inclusion_document',
    // Keys of its API, and verifications that auditors asked for.
    'SELECT, INSERT ON api_key',
    'UPDATE (last_used_at, revoked_at) ON api_key',
    'SELECT, INSERT, UPDATE ON global_verification',
    // Allowances that hold over all gateways.
    'SELECT, INSERT, UPDATE, DELETE ON request_count',
  ],
  ingest: [
    ...COMMON,
    'SELECT ON snapshot',
    'SELECT (snapshot_id, first) ON proof',
    'SELECT, INSERT, UPDATE ON source_listing',
    'UPDATE (ingesting_at, source_digest, accounts, batches_per_proof, batch_count, plan_mac, proving_at) ON snapshot',
    FAILING,
    'SELECT ON reserves',
    'UPDATE (reading_at, document, lines, bytes, parts, part_digests, plan_mac, judging_at) ON reserves',
    RESERVES_FAILING,
    'SELECT (snapshot_id, part, digest), INSERT (snapshot_id, part, first_line, lines, content, digest) ON reserve_part',
  ],
  prover: [
    ...COMMON,
    'SELECT ON snapshot',
    FAILING,
    'SELECT (snapshot_id, first, batches), INSERT ON proof',
    'INSERT ON batch, batch_prefixes, account_entry',
    'SELECT, INSERT, DELETE ON job_part',
    // Judges reserves and publishes them: what carries the operator's signature there, the operator signed.
    'SELECT ON reserves, reserve_part',
    'UPDATE (nodes, known, nodes_mac, report, digest, digests, witness_key_id, published_at) ON reserves',
    RESERVES_FAILING,
    'UPDATE (judged, judged_mac, line_hashes, judged_at) ON reserve_part',
    'INSERT ON reserve_line',
    // Makes claims for clients that cannot.
    'SELECT, UPDATE (request, claim, witness_key_id, failure, until, taken_at) ON claim_proving',
  ],
  signer: [
    ...COMMON,
    'SELECT ON snapshot, proof, batch, batch_prefixes, tree_node',
    FAILING,
    'UPDATE (manifest, manifest_digest, previous_digest, published_at) ON snapshot',
    'INSERT ON tree_node, published_digests',
    'INSERT ON claim_roots',
    'SELECT (snapshot_id), DELETE ON job_part',
    'SELECT ON sealed_bundle, sealed_entries, sealed_shard',
    'UPDATE (state, bits, entries, index, tree, failure, sealed_at, failed_at) ON sealed_bundle',
    'INSERT, DELETE ON sealed_entries',
    'INSERT, UPDATE (path) ON sealed_shard',
  ],
};

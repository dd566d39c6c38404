import type { NodeAnswer } from '@solvent-por/reserves';
import type { ChainNode, NodeContext, NodeQuestion } from '../node';
import { Rpc } from '../rpc';
import { confirmByRpc, rawHeader } from './rpc-block';

/** A node with the JSON-RPC that Bitcoin Core and btcd have in common; how it finds balances is its own. */
export abstract class RpcUtxoNode implements ChainNode {
  protected readonly rpc: Rpc;

  constructor(protected readonly context: NodeContext) {
    this.rpc = new Rpc(context.requests, context.configuration.batch);
  }

  confirm(takenAt: number): Promise<void> {
    return confirmByRpc(this.rpc, this.context, takenAt);
  }

  header(): Promise<string | undefined> {
    return this.context.block.network === 'bitcoin'
      ? rawHeader(this.rpc, this.context.block.block)
      : Promise.resolve(undefined);
  }

  ask(questions: readonly NodeQuestion[]): readonly Promise<NodeAnswer | undefined>[] {
    return questions.map(async ({ address, token, balance }) =>
      balance && token === undefined ? { amount: await this.balance(address) } : undefined,
    );
  }

  /** At the stated block, in the smallest unit. */
  protected abstract balance(address: string): Promise<bigint>;
}

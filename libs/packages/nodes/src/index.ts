export {
  readNodeConfiguration,
  readNodeConfigurations,
  readNodeText,
  type Finality,
  type NodeConfiguration,
} from './configuration';
export { finalBlock, finalBlockOf } from './evm/final-block';
export { NodeFailure, type NodeFailureCode } from './failure';
export type { ChainNode, NodeAdapter, NodeContext, NodeQuestion } from './node';
export type { Requests } from './requests';
export {
  openNodes,
  type AnswerRecord,
  type AskedBalance,
  type NodesOptions,
  type NodeTrouble,
  type ReserveNodes,
} from './open-nodes';

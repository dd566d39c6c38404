export { startAnvil, type Anvil, type AnvilOptions } from './anvil';
export { callRpc } from './json-rpc';
export { addressList, answering, safeAnswers, SIGNS_ANYTHING, TOKEN, word, type Answers } from './evm-code';
export { NEVER, RpcRefusal, startLyingNode, type Lie, type LyingNode, type RpcCall } from './lying-node';
export { describeWithBtcd, startBtcd, type Btcd } from './btcd';
export { whyNoBtcd } from './btcd-program';

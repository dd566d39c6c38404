import { checkReserves, findAddresses, judgeLines } from './check-reserves';
import { answerCalls } from './answer-calls';

/** The worker that knows reserves: loaded when somebody wants them verified, and by itself for its judges. */
answerCalls({
  reserves: checkReserves,
  judge: judgeLines,
  addresses: findAddresses,
});

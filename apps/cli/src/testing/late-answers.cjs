// Preloaded by tests into every thread: workers hold an answer back until the next third of a second, so that answers are late and come all at once.
const { isMainThread, MessagePort } = require('node:worker_threads');

if (!isMainThread) {
  const post = MessagePort.prototype.postMessage;
  const never = new Int32Array(new SharedArrayBuffer(4));
  MessagePort.prototype.postMessage = function (...message) {
    Atomics.wait(never, 0, 0, 333 - (Date.now() % 333));
    return post.apply(this, message);
  };
}

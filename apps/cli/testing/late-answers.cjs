// Preloaded by tests into every thread, as if the machine were under load. Workers hold an answer back until
// the next third of a second; and the main thread does nothing for a while when it has closed a file, which
// it does last before it ends its threads: answers lie about that nobody has read.
const promises = require('node:fs/promises');
const { isMainThread, MessagePort } = require('node:worker_threads');

const never = new Int32Array(new SharedArrayBuffer(4));
const hesitate = (milliseconds) => Atomics.wait(never, 0, 0, milliseconds);

if (isMainThread) {
  const open = promises.open;
  promises.open = async (...how) => {
    const handle = await open(...how);
    const close = handle.close.bind(handle);
    handle.close = () => close().then(() => void hesitate(700));
    return handle;
  };
} else {
  const post = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...message) {
    hesitate(333 - (Date.now() % 333));
    return post.apply(this, message);
  };
}

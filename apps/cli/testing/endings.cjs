// Preloaded by tests: what may happen to a program before it has a result. ENDING says which.
const promises = require('node:fs/promises');
const { isMainThread } = require('node:worker_threads');

const unanswered = () => new Promise(() => undefined);
const endings = {
  // The file is never opened, and nothing else is left to wait for.
  'empty event loop': () => undefined,
  'process.exit()': () => setTimeout(() => process.exit(), 300),
  'process.exit(0)': () => setTimeout(() => process.exit(0), 300),
  'unhandled rejection': () => setTimeout(() => Promise.reject(new Error('nobody waits for this')), 300),
  'uncaught exception': () =>
    setTimeout(() => {
      throw new Error('nobody catches this');
    }, 300),
  // For a signal.
  waiting: () => {
    setInterval(() => undefined, 1000);
    promises.open = (...how) => {
      process.stderr.write(`opens ${how[0]}\n`);
      return unanswered();
    };
  },
};

if (isMainThread) {
  promises.open = unanswered;
  endings[process.env.ENDING]();
}

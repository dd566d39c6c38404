// `node run.mjs NAME SECONDS '{"host": …}'` attacks for so long, then prints one line of JSON: how often each
// outcome came; `node run.mjs --names` prints which attacks there are. A process of its own, so that what it computes doesn't slow those who measure.
import { attacks } from './attacks.mjs';

if (process.argv[2] === '--names') {
  console.log(JSON.stringify(Object.keys(attacks)));
  process.exit(0);
}
const [name, seconds, target] = process.argv.slice(2);
/** @type {Record<string, number>} */
const outcomes = {};
const end = Date.now() + 1000 * Number(seconds);
await attacks[name](
  JSON.parse(target),
  () => Date.now() >= end,
  (outcome) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1),
);
console.log(JSON.stringify(outcomes));
process.exit(0);

// Refuses copyleft licences in what we ship: an exchange must be able to embed the verifier in its own site.
// Other arguments are sources that are looked at, too.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COPYLEFT, copyleftFaults } from './copyleft.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const counts = new Map();
const refused = [];
for (const [path, entry] of Object.entries(packages)) {
  if (path === '' || entry.dev || entry.devOptional) continue;
  const licence = entry.license ?? installedLicence(path);
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
  if (!licence || COPYLEFT.test(licence)) refused.push(`${path}: ${licence ?? 'no licence named'}`);
}
console.log([...counts].map(([licence, count]) => `${count} × ${licence}`).join(', '));
if (counts.size === 0) refused.push('package-lock.json names no package');
refused.push(...(await copyleftFaults(packages, process.argv.slice(2))));
if (refused.length > 0) {
  console.error(`These licences may not be shipped:\n  ${refused.join('\n  ')}`);
  process.exit(1);
}

function installedLicence(path) {
  const file = join(root, path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).license : undefined;
}

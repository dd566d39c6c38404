import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { registerPage } from './page-files';

const folder = mkdtempSync(join(tmpdir(), 'solvent-page-files-'));
mkdirSync(join(folder, 'assets'));
for (const name of ['index.html', 'solvent-check.js', 'assets/a.js']) writeFileSync(join(folder, name), name);
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};
const fileHeaders = { 'solvent-check.js': { 'cross-origin-resource-policy': 'cross-origin' } };
writeFileSync(join(folder, 'build.json'), JSON.stringify({ digest: '', files: {}, headers, fileHeaders }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function headersOf(path: string, framedBy?: readonly string[]) {
  const server = fastify();
  expect(registerPage(server, folder, framedBy)).toBe(true);
  const { headers: sent } = await server.inject({ url: path });
  await server.close();
  return sent;
}

test('nobody may show the page in a frame, unless they are named', async () => {
  expect((await headersOf('/'))['content-security-policy']).toBe(headers['content-security-policy']);
  const named = await headersOf('/assets/a.js', ['https://www.example', 'https://app.example']);
  expect(named['content-security-policy']).toBe(
    "default-src 'none'; frame-ancestors https://www.example https://app.example",
  );
});

test('the element is for other sites to load, and nothing else of the page', async () => {
  expect((await headersOf('/solvent-check.js'))['cross-origin-resource-policy']).toBe('cross-origin');
  expect((await headersOf('/assets/a.js'))['cross-origin-resource-policy']).toBe('same-origin');
});

import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

const SCRIPT = `
const el = (id) => document.getElementById(id);
el('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const headers = { 'content-type': 'application/json' };
  if (el('key').value.trim()) headers.authorization = 'Bearer ' + el('key').value.trim();
  el('answer').textContent = '…';
  try {
    const variables = el('variables').value.trim() ? JSON.parse(el('variables').value) : undefined;
    const answer = await fetch('graphql', { method: 'POST', headers, body: JSON.stringify({ query: el('query').value, variables }) });
    el('answer').textContent = JSON.stringify(await answer.json(), null, 2);
  } catch (error) {
    el('answer').textContent = String(error);
  }
});
(async () => {
  const query = '{ __schema { types { name kind description fields { name description args { name } } } } }';
  const answer = await (await fetch('graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })).json();
  for (const type of answer.data.__schema.types) {
    if (!type.fields || type.name.startsWith('__')) continue;
    const section = document.createElement('details');
    section.open = ['Query', 'Mutation'].includes(type.name);
    section.append(Object.assign(document.createElement('summary'), { textContent: type.name }));
    for (const { name, args, description } of type.fields)
      section.append(Object.assign(document.createElement('p'), {
        textContent: name + (args.length ? '(' + args.map((arg) => arg.name).join(', ') + ')' : '') + (description ? ': ' + description : ''),
      }));
    el('schema').append(section);
  }
})().catch(() => undefined);
`;

const STYLE = `
body { font: 15px/1.4 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 1fr 1fr 20rem; gap: 1rem; padding: 1rem; height: 100vh; box-sizing: border-box }
form { display: flex; flex-direction: column; gap: .5rem } textarea, pre, input { font: 13px/1.4 ui-monospace, monospace }
textarea { flex: 3 } #variables { flex: 1 } pre, #schema { overflow: auto; margin: 0 } p { margin: .2rem 0 .2rem 1rem }
`;

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Solvent GraphQL</title><style>${STYLE}</style>
<form id="form"><label>API key, where one is needed <input id="key" type="password" autocomplete="off"></label>
<textarea id="query" aria-label="query" spellcheck="false">{ latestSnapshot { id takenAt totals { symbol side display } } }</textarea>
<textarea id="variables" aria-label="variables as JSON" spellcheck="false">{}</textarea><button>Run</button></form>
<pre id="answer" aria-live="polite"></pre><div id="schema"></div><script>${SCRIPT}</script></html>`;

/**
 * A page to try queries on, where introspection is allowed. Mercurius' GraphiQL loads its scripts from
 * another site's servers; this one needs nothing but itself.
 */
export function registerConsole(fastify: FastifyInstance): void {
  const policy = [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src '${hash(SCRIPT)}'`,
    `style-src '${hash(STYLE)}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  fastify.get('/graphiql', async (_request, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(PAGE),
  );
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

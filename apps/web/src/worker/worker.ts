import { nobleVerifier } from '@solvent-por/kzg';
import { lineContext, parseManifest, verifyProofLine, type LineContext } from '@solvent-por/verifier';
import { checkChain } from './check-chain';
import { checkDocuments, identify, lookUpSealed } from './check-one';
import { checkGlobal } from './check-global';
import { failureOf } from './failure';
import type { Answer, Call, GlobalProgress, TaskName, Tasks } from './protocol';

/** The one worker of the page: it knows everything that is computed, and holds no state but what it was sent. */
const kzg = nobleVerifier();

/** Lines of one file have one manifest: its context is made once. */
let context: { readonly manifest: string; readonly made: LineContext } | undefined;

const tasks: {
  readonly [T in TaskName]: (
    give: Tasks[T]['give'],
    progress: (progress: GlobalProgress) => void,
  ) => Tasks[T]['get'] | Promise<Tasks[T]['get']>;
} = {
  identify: (give) => identify(give),
  check: (give) => checkDocuments(give, kzg),
  sealed: (give) => lookUpSealed(give, kzg),
  chain: (give) => checkChain(give),
  global: (give, progress) => checkGlobal(give, kzg, progress),
  line: ({ line, manifest }) => {
    const text = new TextDecoder().decode(manifest);
    if (context?.manifest !== text)
      context = { manifest: text, made: lineContext(parseManifest(manifest), kzg) };
    return verifyProofLine(line, context.made);
  },
};

const post = (answer: Answer) =>
  (self as unknown as { postMessage(answer: Answer): void }).postMessage(answer);

async function run<T extends TaskName>({ call, task, give }: Call<T>): Promise<void> {
  try {
    post({ call, got: await tasks[task](give, (progress) => post({ call, progress })) });
  } catch (error) {
    post({ call, failed: failureOf(error) });
  }
}

self.onmessage = ({ data }: MessageEvent<Call>) => void run(data);

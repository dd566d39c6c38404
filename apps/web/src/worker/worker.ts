import { nobleVerifier } from '@solvent-por/kzg';
import { lineContext, parseManifest, verifyProofLine, type LineContext } from '@solvent-por/verifier';
import { checkChain } from './check-chain';
import { checkDocuments, identify, lookUpSealed } from './check-one';
import { checkGlobal } from './check-global';
import { answerCalls } from './answer-calls';

/** The one worker of the page: it knows everything that is computed, and holds no state but what it was sent. */
const kzg = nobleVerifier();

/** Lines of one file have one manifest: its context is made once. */
let context: { readonly manifest: string; readonly made: LineContext } | undefined;

answerCalls({
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
});

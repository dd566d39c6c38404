import type { StepState } from '../check/states';
import { usePage } from './page';

/**
 * A state's mark and its word: colour alone says nothing.
 * @param props.word false: it is heard and not seen. 'none': a word of its own stands beside it.
 */
export function StateMark({
  state,
  word = true,
}: {
  readonly state: StepState;
  readonly word?: boolean | 'none';
}) {
  const { t } = usePage();
  return (
    <span className={`state state-${state}`}>
      <Mark state={state} />
      {word !== 'none' && <span {...(!word && { className: 'only-heard' })}>{t(`state.${state}`)}</span>}
    </span>
  );
}

/** A disc for what was computed here, a ring for everything else. */
function Mark({ state }: { readonly state: StepState }) {
  const disc = state === 'checked' || state === 'false';
  return (
    <svg className="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle
        cx="10"
        cy="10"
        r={disc ? 9 : 8}
        className={disc ? 'mark-disc' : 'mark-ring'}
        {...(state === 'unreadable' && { strokeDasharray: '3 2.6' })}
      />
      {state === 'checked' && <path d="M5.8 10.4 8.8 13.3 14.3 7" className="mark-sign mark-sign-disc" />}
      {state === 'server' && <path d="M6.2 10.4 8.9 13 13.8 7.4" className="mark-sign" />}
      {state === 'false' && (
        <path d="M6.8 6.8 13.2 13.2M13.2 6.8 6.8 13.2" className="mark-sign mark-sign-disc" />
      )}
      {state === 'unreadable' && <path d="M10 5.8V11M10 13.6V14" className="mark-sign" />}
    </svg>
  );
}

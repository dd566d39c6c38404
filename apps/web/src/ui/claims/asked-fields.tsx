import { readChallenge, readScopeText, type Read } from '../../check/claim-request';
import { Field } from './field';

/** What a partner asks with, as it is typed. */
export interface AskedTexts {
  readonly partner: string;
  readonly purpose: string;
  readonly challenge: string;
}

export function readAsked({ partner, purpose, challenge }: AskedTexts) {
  return {
    partner: readScopeText(partner),
    purpose: readScopeText(purpose),
    challenge: readChallenge(challenge),
  };
}

/** What was read, where all of it is good; else the first field that is wrong takes the focus. */
export function goodOrFocus<T extends object>(
  form: HTMLFormElement,
  read: { readonly [K in keyof T]: Read<T[K]> },
): T | undefined {
  const fields = Object.entries<Read<unknown>>(read);
  const good = fields.flatMap(([name, one]) => ('wrong' in one ? [] : [[name, one.value] as const]));
  if (good.length === fields.length) return Object.fromEntries(good) as T;
  const [first] = fields.find(([, one]) => 'wrong' in one)!;
  form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  return undefined;
}

/** Partner, purpose and challenge, each on a line of its own. */
export function AskedFields({
  typed,
  onTyped,
  label,
  help,
  wrong,
}: {
  readonly typed: AskedTexts;
  readonly onTyped: (typed: AskedTexts) => void;
  readonly label: Readonly<AskedTexts>;
  readonly help: Readonly<AskedTexts>;
  readonly wrong: { readonly [name in keyof AskedTexts]: string | undefined };
}) {
  return (['partner', 'purpose', 'challenge'] as const).map((name) => (
    <Field
      key={name}
      label={label[name]}
      name={name}
      value={typed[name]}
      onChange={(text) => onTyped({ ...typed, [name]: text })}
      help={help[name]}
      wrong={wrong[name]}
      hex={name === 'challenge'}
    />
  ));
}

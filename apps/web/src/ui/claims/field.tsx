import { useId } from 'react';

/** One line of a form: its name, what belongs there, and what is wrong with it. */
export function Field({
  label,
  name,
  value,
  onChange,
  help,
  wrong,
  hex = false,
  decimal = false,
  longest = 1000,
}: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly help: string;
  readonly wrong: string | undefined;
  readonly hex?: boolean;
  readonly decimal?: boolean;
  readonly longest?: number;
}) {
  const id = useId();
  return (
    <div className="claim-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={name}
        className={hex ? 'claim-hex' : ''}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={longest}
        {...(decimal && { inputMode: 'decimal' })}
        aria-describedby={`${id}-help`}
        {...(wrong !== undefined && { 'aria-invalid': true, 'aria-errormessage': `${id}-wrong` })}
      />
      <p id={`${id}-wrong`} className="wrong" role="alert" hidden={wrong === undefined} data-wrong={name}>
        {wrong}
      </p>
      <p id={`${id}-help`} className="fine muted">
        {help}
      </p>
    </div>
  );
}

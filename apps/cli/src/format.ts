/**
 * An amount with its decimal point: 123456 at scale 4 is `12.3456`. Zeros at the end stay: they tell the
 * precision.
 *
 * @param units a non-negative integer in units of 10^(−scale)
 */
export function decimalAmount(units: bigint, scale: number): string {
  if (scale === 0) return units.toString();
  const digits = units.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same with commas between thousands of the whole part, for people. */
export function readableAmount(units: bigint, scale: number): string {
  const [whole, fraction] = decimalAmount(units, scale).split('.') as [string, string?];
  const grouped = thousands(whole);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return thousands(String(value));
}

/** `85 ms`, `1.24 s`, `12.3 s`, `2 min 03 s`, `1 h 02 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return `${minutes} min ${pad(rest)} s`;
  const roundedMinutes = Math.round(whole / 60);
  return `${Math.floor(roundedMinutes / 60)} h ${pad(roundedMinutes % 60)} min`;
}

/** `3,021 accounts/s`. */
export function rate(items: number, milliseconds: number, unit: string): string {
  const perSecond = items / Math.max(milliseconds / 1000, 0.001);
  return `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))} ${unit}/s`;
}

/** `931 bytes`, `51.2 kB`, `1.25 GB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < 4) [value, unit] = [value / 1000, unit + 1];
  return `${value.toPrecision(3)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][unit]}`;
}

/** What of an account id may be shown where anybody could read it: 0x and its first 8 digits. */
export function shortId(id: string): string {
  return `${id.slice(0, 10)}…`;
}

/** `1 file`, `2 files`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** A name from outside (of a file, say) without characters that could steer a terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}

function thousands(digits: string): string {
  const groups: string[] = [];
  for (let end = digits.length; end > 0; end -= 3) groups.unshift(digits.slice(Math.max(0, end - 3), end));
  return groups.join(',');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

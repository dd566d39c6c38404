import { randomBytes } from 'node:crypto';
import { identityOf, isAlive, thisMachine, type MachineIdentity } from './process-identity';

/** Who holds a lock, as its file says it. */
export interface LockOwner extends MachineIdentity {
  /** 32 random hex digits: no two locks have the same. */
  readonly token: string;
  readonly pid: number;
  /** When the process started; see `identityOf`. */
  readonly started: string;
  /** What it does: a command's name, never its arguments, which may be secret. */
  readonly command: string;
  /** When it took the lock, ISO 8601. */
  readonly since: string;
}

const TEXTS = ['host', 'machineId', 'boot', 'namespace', 'started', 'command', 'since'] as const;

/** This process, about to take a lock. */
export function newOwner(command: string): LockOwner {
  return {
    token: randomBytes(16).toString('hex'),
    pid: process.pid,
    started: identityOf(process.pid) ?? '',
    command,
    since: new Date().toISOString(),
    ...thisMachine(),
  };
}

/** @returns undefined when it is no lock file's content, or not all of it */
export function parseOwner(text: string): LockOwner | undefined {
  try {
    const value = Object(JSON.parse(text)) as Record<string, unknown>;
    const { token, pid } = value;
    if (typeof token !== 'string' || !/^[0-9a-f]{32}$/.test(token)) return undefined;
    if (!Number.isSafeInteger(pid) || Number(pid) <= 0) return undefined;
    // They are shown: a line of printable characters each, whoever wrote them.
    if (
      TEXTS.some((name) => typeof value[name] !== 'string' || !/^[ -~]{0,255}$/.test(value[name] as string))
    )
      return undefined;
    return value as unknown as LockOwner;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that took a lock still runs.
 * @returns `unknown`: it ran where this process cannot see: on another machine, or in another container
 */
export function livenessOf(owner: LockOwner): 'lives' | 'gone' | 'unknown' {
  const here = thisMachine();
  const sameMachine = owner.host === here.host && owner.machineId === here.machineId;
  if (owner.boot !== here.boot) {
    // Nothing outlives a boot. Without an id, two containers or copied machines may have one name.
    return sameMachine && here.machineId !== '' ? 'gone' : 'unknown';
  }
  // Windows has neither: there the name has to do.
  if (here.boot === '' && !sameMachine) return 'unknown';
  if (owner.namespace !== here.namespace) return 'unknown';
  if (!isAlive(owner.pid)) return 'gone';
  const started = identityOf(owner.pid);
  // A process that hides when it started may be the one.
  return !started || !owner.started || started === owner.started ? 'lives' : 'gone';
}

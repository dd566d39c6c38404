import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, platform } from 'node:os';

/** Where a process runs, so that another one can tell whether it could see it. */
export interface MachineIdentity {
  readonly host: string;
  /** Stays over boots; empty where the system has none (containers, Windows). */
  readonly machineId: string;
  /** Of this boot alone; empty where the system does not tell. */
  readonly boot: string;
  /** Processes of another one cannot be seen (containers on one machine); empty where there are none. */
  readonly namespace: string;
}

let machine: MachineIdentity | undefined;

/** This machine, or container. */
export function thisMachine(): MachineIdentity {
  return (machine ??= { host: hostname(), ...idsOfSystem() });
}

function idsOfSystem(): Omit<MachineIdentity, 'host'> {
  if (platform() === 'darwin') {
    const [machineId = '', boot = ''] = output('sysctl', '-n', 'kern.uuid', 'kern.bootsessionuuid').split(
      '\n',
    );
    return { machineId, boot, namespace: '' };
  }
  return {
    machineId: tried(() => readFileSync('/etc/machine-id', 'latin1').trim()),
    boot: tried(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    namespace: tried(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/**
 * Whether a process of this id lives; one of another user does too, one that only waits to be collected by
 * its parent does not.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !/^[ZX]/.test(stateOf(pid).state);
}

/**
 * When a process started, in the system's own words: tells it from a later one that was given the same id.
 *
 * @returns undefined when there is no such process; an empty text where the system does not tell (Windows,
 *   processes hidden from us)
 */
export function identityOf(pid: number): string | undefined {
  return isAlive(pid) ? stateOf(pid).started : undefined;
}

function stateOf(pid: number): { readonly state: string; readonly started: string } {
  if (platform() === 'win32') return { state: '', started: '' };
  const stat = tried(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat !== '') {
    // The name in parentheses may hold spaces: fields are counted from its end. The state is field 3, the
    // start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  }
  if (platform() === 'linux') return { state: '', started: '' };
  const line = output('ps', '-p', String(pid), '-o', 'stat=,lstart=').trim();
  const [state = ''] = line.split(/\s/, 1);
  return { state, started: line.slice(state.length).trim() };
}

function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function output(command: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return stdout?.trim() ?? '';
}

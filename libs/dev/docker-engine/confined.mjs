// How containers are confined: as the engine was told, and as the kernel says of the first process of each.
import { run, works } from './shell.mjs';

/**
 * @param {string} id of a container
 * @param {{ environment: object, running: boolean, publishes?: boolean }} how whether its processes can be
 *   asked, and whether it may publish a port
 * @returns {string[]} what is wrong with it
 */
export function faultsOf(id, { environment, running, publishes = false }) {
  const [{ Config, HostConfig }] = JSON.parse(run('docker', ['inspect', id], { env: environment }));
  const rules = {
    'runs as root': !/^[1-9][0-9]*(:|$)/.test(Config.User),
    'may write its file system': HostConfig.ReadonlyRootfs !== true,
    'has capabilities': !HostConfig.CapDrop?.includes('ALL') || Boolean(HostConfig.CapAdd?.length),
    'is privileged': HostConfig.Privileged !== false,
    'may gain privileges': !HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')),
    'has no memory limit': !(HostConfig.Memory > 0),
    'has no limit of processes': !(HostConfig.PidsLimit > 0),
    'publishes a port': !publishes && Object.keys(HostConfig.PortBindings ?? {}).length > 0,
    ...(running ? kernelRules(id, environment) : {}),
  };
  return Object.keys(rules).filter((fault) => rules[fault]);
}

function kernelRules(id, environment) {
  const exec = (...command) => ['exec', id, ...command];
  const read = (file) => run('docker', exec('cat', file), { env: environment });
  const status = read('/proc/1/status');
  const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1];
  return {
    'has a process of root': /\b0\b/.test(field('Uid') ?? '0'),
    'has a process with capabilities':
      !/^0+$/.test(field('CapEff') ?? '') || !/^0+$/.test(field('CapBnd') ?? ''),
    'has a process that may gain privileges': field('NoNewPrivs') !== '1',
    'has a process without a filter of system calls': field('Seccomp') !== '2',
    'has its root mounted for writing': !/^\S+ \/ \S+ ro,/m.test(read('/proc/1/mounts')),
    'has no folder for what is temporary': !works('docker', exec('sh', '-c', ': > /tmp/solvent-test'), {
      env: environment,
    }),
  };
}

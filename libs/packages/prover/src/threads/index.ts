export { workerFile } from '../files';
export { WORK } from '../work/table';
export { postable, received } from './envelope';
export { serve, type WorkContext } from './serve';
export { ThreadPool } from './thread-pool';

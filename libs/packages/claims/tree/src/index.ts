export { PoseidonKernel } from './kernel';

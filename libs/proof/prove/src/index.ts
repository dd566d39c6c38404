export { operatorKeyOf, signManifest } from './sign';

/** The address of a worker's file, as Vite bundles it. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}

declare module '*.css';

/** Which languages' texts are loaded when they are asked for is Vite's to bundle. */
interface ImportMetaEnv {
  readonly DEV: boolean;
}
interface ImportMeta {
  readonly env: ImportMetaEnv;
}

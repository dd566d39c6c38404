/** Hash and depth of the code of TON's wallets that are judged (the reserves page, section 6). */
export const TON_WALLETS: Readonly<Record<string, { readonly code: string; readonly depth: number }>> = {
  v3r1: {
    code: '0xb61041a58a7980b946e8fb9e198e3c904d24799ffa36574ea4251c41a566f581',
    depth: 0,
  },
  v3r2: {
    code: '0x84dafa449f98a6987789ba232358072bc0f76dc4524002a5d0918b9a75d2d599',
    depth: 0,
  },
  v4r2: {
    code: '0xfeb5ff6820e2ff0d9483e7e0d62c817d846789fb4ae580c878866d959dabd5c0',
    depth: 7,
  },
  'highload-v3': {
    code: '0x11acad7955844090f283bf238bc1449871f783e7cc0979408d3f4859483e8525',
    depth: 6,
  },
};

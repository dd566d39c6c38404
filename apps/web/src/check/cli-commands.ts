/** How the same is checked without this page: commands to copy. The key comes from a file, never a command line. */
export function cliCommands(snapshot: string, operator: string): string {
  return [
    'npm install --global @solvent-por/cli',
    `solvent verify-user ${snapshot}-my-proof.json --global manifest.json \\`,
    `  --operator ${operator} \\`,
    '  --key "$(cat my-account-key.txt)"',
  ].join('\n');
}

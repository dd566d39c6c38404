import { existsSync } from 'node:fs';
import { join } from 'node:path';

const IMAGES = join(__dirname, '../../../docs/images');

/**
 * Where a picture is drawn: `UPDATE_IMAGES=1` draws those anew that guides show.
 * @param folder for all others
 */
export function pictureFile(folder: string, name: string): string {
  const shown = join(IMAGES, name);
  return process.env['UPDATE_IMAGES'] !== undefined && existsSync(shown) ? shown : join(folder, name);
}

import { transformSync } from 'esbuild';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';

interface Loaded {
  exports: unknown;
}

type Body = (
  exports: unknown,
  require: (specifier: string) => unknown,
  module: Loaded,
  filename: string,
  directory: string,
) => void;

/**
 * The repository's TypeScript, loaded file by file into this process so that the text of one can be
 * exchanged: what imports it is loaded again, all else stays, packages above all, whose loading takes a
 * hundred times longer than a mutant's run.
 */
export class ModuleSpace {
  readonly #loaded = new Map<string, Loaded>();
  readonly #importers = new Map<string, Set<string>>();
  readonly #bodies = new Map<string, Body>();
  readonly #texts = new Map<string, string>();
  readonly #aliases: Readonly<Record<string, readonly string[]>>;
  /** Files under evaluation. */
  #loading = 0;

  constructor(private readonly root: string) {
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')) as {
      compilerOptions: { paths: Record<string, string[]> };
    };
    this.#aliases = compilerOptions.paths;
  }

  /** Whether a file is being evaluated: what runs then runs once for all who import it. */
  get isLoading(): boolean {
    return this.#loading > 0;
  }

  /** @param file from the root, or an alias of tsconfig.base.json */
  load<T>(file: string): T {
    return this.#load(this.#alias(file) ?? join(this.root, file)) as T;
  }

  /** Replaces a file's text, or takes it from the disk again. */
  setText(file: string, text: string | undefined): void {
    const path = join(this.root, file);
    if (text === undefined) this.#texts.delete(path);
    else this.#texts.set(path, text);
    this.#bodies.delete(path);
    this.#evict(path);
  }

  /** Forgets what a file exported, and whatever imported it. */
  evict(file: string): void {
    this.#evict(join(this.root, file));
  }

  #evict(path: string): void {
    if (!this.#loaded.delete(path)) return;
    const importers = this.#importers.get(path) ?? [];
    this.#importers.delete(path);
    for (const importer of importers) this.#evict(importer);
  }

  #load(path: string): unknown {
    const known = this.#loaded.get(path);
    if (known) return known.exports;
    const module: Loaded = { exports: {} };
    this.#loaded.set(path, module);
    const fromPackages = createRequire(path);
    const require = (specifier: string): unknown => {
      const file = this.#resolve(specifier, path);
      if (file === undefined) return fromPackages(specifier);
      const importers = this.#importers.get(file) ?? new Set();
      this.#importers.set(file, importers.add(path));
      return this.#load(file);
    };
    this.#loading++;
    try {
      this.#body(path)(module.exports, require, module, path, dirname(path));
    } catch (error) {
      this.#evict(path);
      throw error;
    } finally {
      this.#loading--;
    }
    return module.exports;
  }

  #body(path: string): Body {
    const known = this.#bodies.get(path);
    if (known) return known;
    const { code } = transformSync(this.#texts.get(path) ?? readFileSync(path, 'utf8'), {
      loader: path.endsWith('.json') ? 'json' : 'ts',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      sourcefile: relative(this.root, path),
      // So that they come through our require.
      supported: { 'dynamic-import': false },
    });
    const script = new Script(`(function (exports, require, module, __filename, __dirname) {${code}\n})`, {
      filename: path,
    });
    const body = script.runInThisContext() as Body;
    this.#bodies.set(path, body);
    return body;
  }

  #alias(specifier: string): string | undefined {
    const [target] = this.#aliases[specifier] ?? [];
    return target === undefined ? undefined : join(this.root, target);
  }

  /** A file of the repository, or undefined for a package. */
  #resolve(specifier: string, importer: string): string | undefined {
    if (!specifier.startsWith('.')) return this.#alias(specifier);
    const path = join(dirname(importer), specifier);
    const file = [path, `${path}.ts`, join(path, 'index.ts')].find(
      (candidate) => /\.(ts|json)$/.test(candidate) && existsSync(candidate),
    );
    if (file === undefined) throw new Error(`${importer} imports ${specifier}, which is no file`);
    return file;
  }
}

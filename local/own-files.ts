import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Where Caretaker's own folders are: its repository, or `built/` of the package that `npm pack`
 * makes of it (`scripts/package.ts`). The catalog, `.cache` and `cdk.out` are where one works.
 */
export const ROOT = join(import.meta.dirname, '..')

/** Whether this is the package: Node runs no TypeScript below `node_modules`. */
export const IS_PACKAGE = import.meta.filename.endsWith('.js')

/** Where `package.json` and `docs/` are. */
export const HOME = IS_PACKAGE ? dirname(ROOT) : ROOT

/** Of `package.json`. */
export const { version: VERSION } = JSON.parse(
  readFileSync(join(HOME, 'package.json'), 'utf8'),
) as { version: string }

/** What `npm pack` has made for the package, and is made anew of the sources in a repository. */
export const PREBUILT = {
  /** A folder for each function. */
  functions: join(ROOT, 'prebuilt', 'functions'),
  /** `index.html`, `main.js` and `main.css`. */
  console: join(ROOT, 'prebuilt', 'console'),
}

/** `node_modules/<name>/<path>` as Node finds it from here: beside the package, or in it. */
export function installed(name: string, path: string): string {
  for (let folder = ROOT; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name, path)
    if (existsSync(found) || folder === dirname(folder)) return found
  }
}

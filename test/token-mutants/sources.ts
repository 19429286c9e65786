import { join } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { API, type Project } from 'typescript/unstable/sync'

const ROOT = join(import.meta.dirname, '../..')
const PROJECT = join(ROOT, 'tsconfig.json')

/** What is declared and not used runs all the same. */
const UNUSED = [6133, 6138, 6192, 6196, 6198, 6199]

/** The repository's sources as TypeScript reads them, with one file's text replaced at will. */
export class Sources {
  readonly #replaced = new Map<string, string>()
  readonly #api = new API({ cwd: ROOT, fs: { readFile: (path) => this.#replaced.get(path) } })
  #project: Project

  constructor() {
    this.#project = this.#opened()
  }

  /** Paths from the root, in the order of the alphabet. */
  below(folder: string): string[] {
    const names = this.#project.program.getSourceFileNames()
    return names
      .filter((name) => name.startsWith(join(ROOT, folder)) && name.endsWith('.ts'))
      .map((name) => name.slice(ROOT.length + 1))
      .toSorted()
  }

  /** @throws Error when it is not of the project. */
  file(path: string): SourceFile {
    const found = this.#project.program.getSourceFile(join(ROOT, path))
    if (found === undefined) throw new Error(`TypeScript does not know ${path}`)
    return found
  }

  /** Whether the file and those in `users` have no error with this text. */
  compiles(path: string, text: string, users: readonly string[]): boolean {
    const name = join(ROOT, path)
    this.#replaced.set(name, text)
    this.#project = this.#opened(name)
    const { program } = this.#project
    const right = [path, ...users].every((one) => {
      const file = join(ROOT, one)
      return (
        program.getSyntacticDiagnostics(file).length === 0 &&
        program.getSemanticDiagnostics(file).every(({ code }) => UNUSED.includes(code))
      )
    })
    this.#replaced.delete(name)
    this.#project = this.#opened(name)
    return right
  }

  close(): void {
    this.#api.close()
  }

  #opened(changed?: string): Project {
    const snapshot = this.#api.updateSnapshot(
      changed === undefined ? { openProjects: [PROJECT] } : { fileChanges: { changed: [changed] } },
    )
    const project = snapshot.getProject(PROJECT)
    if (project === undefined) throw new Error(`TypeScript does not read ${PROJECT}`)
    return project
  }
}

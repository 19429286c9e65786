import { shown } from '../../catalog/problem.ts'
import { isSecret } from './is-secret.ts'
import { entriesOf, itemsOf, leavesOf, type Place, type Tree } from './tree.ts'

/** A key of the input, and where its meaning is now: a file and a field, or a sentence. */
export type Translated = { place: Place; to: string }

/** A key of the input that no file of the catalog has. */
export type LeftOut = {
  place: Place
  found: string
  because: string
  /** What to do instead. */
  remedy: string
}

/** What a format says that neither ECS nor Caretaker needs to be told. */
export type Reason = Pick<LeftOut, 'because' | 'remedy'>

/** What became of each key of the input. */
export class Report {
  readonly translated: Translated[] = []
  readonly leftOut: LeftOut[] = []
  /** Commands that have to follow, each once. */
  readonly steps = new Set<string>()
  /** What to see to in services, by what it is. */
  readonly notes = new Map<string, Set<string>>()
  readonly #seen = new Set<string>()
  readonly #told = new Set<string>()

  /** @param to where it is now: `services/orders.yaml port`; or why it needs no place. */
  to(tree: Tree | undefined, to: string): void {
    if (tree === undefined) return
    for (const { place } of this.#see(tree)) {
      const id = `${idOf(place)}\0${to}`
      if (!this.#told.has(id)) this.translated.push({ place, to })
      this.#told.add(id)
    }
  }

  leave(tree: Tree | undefined, because: string, remedy: string): void {
    if (tree === undefined) return
    this.#see(tree)
    const { place } = tree
    this.leftOut.push({ place, found: foundOf(tree), because, remedy })
  }

  /** What somebody has to see to in a service. */
  note(what: string, service: string): void {
    this.notes.set(what, (this.notes.get(what) ?? new Set()).add(service))
  }

  /** What nobody has read of a tree, leaf by leaf. */
  unread(tree: Tree): Tree[] {
    return leavesOf(tree).filter(({ place }) => !this.#seen.has(idOf(place)))
  }

  /**
   * Moves what was written to a field to what is left out; of a part of what one key became, only
   * the part is named.
   *
   * @returns whether any key of the input became it.
   */
  takeBack(file: string, field: string, { because, remedy }: Reason): boolean {
    const at = `${file} ${field}`
    const gone = this.translated.filter(({ to }) => to === at || to.startsWith(`${at}.`))
    const [around] = this.translated
      .filter(({ to }) => at.startsWith(`${to}.`))
      .toSorted((a, b) => b.to.length - a.to.length)
    for (const one of gone) {
      this.translated.splice(this.translated.indexOf(one), 1)
      this.leftOut.push({ place: one.place, found: 'it', because, remedy })
    }
    if (gone.length === 0 && around !== undefined) {
      this.leftOut.push({ place: around.place, found: `${field} of ${file}`, because, remedy })
    }
    return gone.length > 0 || around !== undefined
  }

  /** Names a file that is not written after all, at the place that it would have come from. */
  takeBackFile(file: string, place: Place, { because, remedy }: Reason): void {
    const kept = this.translated.filter(({ to }) => to !== file && !to.startsWith(`${file} `))
    this.translated.splice(0, this.translated.length, ...kept)
    this.leftOut.push({ place, found: 'it', because, remedy })
  }

  #see(tree: Tree): Tree[] {
    const leaves = leavesOf(tree)
    for (const { place } of leaves) this.#seen.add(idOf(place))
    return leaves
  }
}

const idOf = ({ file, path }: Place): string => [file, ...path].join('\0')

const HIDDEN = '(not shown)'

/** What stands there, but for what could be a password. */
const foundOf = (tree: Tree): string => {
  const value = withoutSecrets(tree, tree.place.path.at(-1) ?? '')
  return value === HIDDEN ? 'a value that is not shown' : shown(value)
}

function withoutSecrets(tree: Tree, key: string): unknown {
  const { content } = tree
  if (content instanceof Map) {
    return Object.fromEntries(
      entriesOf(tree).map(([name, one]) => [name, withoutSecrets(one, name)]),
    )
  }
  if (Array.isArray(content)) return itemsOf(tree).map((one) => withoutSecrets(one, key))
  if (typeof content !== 'string') return content
  const [, name = key, text = content] = /^(\w+)=(.*)$/s.exec(content) ?? []
  return isSecret(name, text) || /pass|secret|token|cred/i.test(name) ? HIDDEN : content
}

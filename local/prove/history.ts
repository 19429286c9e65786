import type * as z from 'zod'
import type { Catalog } from '../../catalog/schema.ts'
import type { scenario } from '../scenario/schema.ts'
import type { CatalogName } from './catalogs.ts'
import type { Dice } from './dice.ts'

type Written = z.input<typeof scenario>

/** What a step does, as a file says it. */
export type Deed = Omit<Written['steps'][number], 'at'>

/** Something that happens, in milliseconds since the epoch. */
export type Event = Deed & { at: number }

/** What happens in an environment, until it is left in peace. */
export type History = {
  seed: number
  catalog: CatalogName
  /** Milliseconds since the epoch. */
  start: number
  events: Event[]
  /** When faults heal, and how long it goes on after that. */
  healed: number
  end: number
  /** Nobody changes anything for so long before the end. */
  quietFor: number
}

/** What those who make up a history know of it. */
export type Plot = {
  dice: Dice
  catalog: Catalog
  start: number
  until: number
  /** What the steps that push call their images, by repository, oldest first. */
  pushed: Map<string, string[]>
  /** Moments at which things meet: edges, verdicts, ends. */
  moments: number[]
  /** Few services, so that things meet. */
  busy: Catalog['services']
}

/** Something that may happen at an instant; nothing where it has nothing to be about. */
export type Happening = (plot: Plot, at: number) => Event[]

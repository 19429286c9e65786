import { Random } from '../aws/random.ts'

/** Chance of one history. Each purpose has numbers of its own, so that another never shifts them. */
export class Dice {
  readonly #random: Random

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  /** From 0 to 1. */
  share(what: string): number {
    return this.#random.next(what)
  }

  chance(what: string, probability: number): boolean {
    return this.#random.chance(what, probability)
  }

  /** A whole number from `low` to `high`, both among them. */
  whole(what: string, low: number, high: number): number {
    return low + Math.floor(this.share(what) * (high - low + 1))
  }

  pick<Item>(what: string, items: readonly Item[]): Item {
    return items[this.whole(what, 0, items.length - 1)] as Item
  }

  /** The one of several whose weight is hit. */
  weighted<Item>(what: string, items: readonly (readonly [weight: number, item: Item])[]): Item {
    let left = this.share(what) * items.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, item] of items) {
      left -= weight
      if (left < 0) return item
    }
    return items.at(-1)?.[1] as Item
  }
}

import * as z from 'zod'

export const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'last'] as const

/** What a step calls the image that it pushes: `as: p7`. */
export const label = z
  .string()
  .regex(/^p\d{1,5}$/)
  .describe('p and a number, such as p7')

/** An image that was pushed before: by its place, by what its step calls it, or by its digest. */
export const which = z
  .string()
  .regex(new RegExp(`^(${ORDINALS.join('|')}|p\\d{1,5}|sha256:[0-9a-f]{64})$`))
  .describe(
    `${ORDINALS.join(', ')} (image pushed in this file), p7 (the one that is pushed as: p7), or sha256:<digest>`,
  )

export type Which = z.infer<typeof which>

/** Digests of the images pushed so far: in order, and by what their steps call them. */
export type Pushed = { pushed: readonly string[]; named?: ReadonlyMap<string, string> }

/** The digest of an image as a scenario names it: `second`, `last`, `p7`, `sha256:…`. */
export function digestOf(name: Which, { pushed, named }: Pushed): string | undefined {
  if (name === 'last') return pushed.at(-1)
  const place = ORDINALS.indexOf(name as (typeof ORDINALS)[number])
  if (place >= 0) return pushed[place]
  return name.startsWith('sha256:') ? name : named?.get(name)
}

import type { CostView } from '../teams/view.ts'
import type { ActView } from './view.ts'

type Rest = NonNullable<CostView['act']>

const WORDS: Record<Rest, Omit<ActView, 'text'>> = {
  sleep: { label: 'Sleep', does: 'Puts it to sleep until its schedule starts it the next time.' },
  wake: { label: 'Wake', does: 'Wakes it, until its schedule puts it to sleep the next time.' },
}

/** Puts a service to sleep, or wakes it: the same on its own page and on its team's. */
export const restAct = (rest: Rest, name: string): ActView => ({
  ...WORDS[rest],
  text: `${rest} ${name}`,
})

import type { Tone } from '../tone.ts'
import type { Shape } from './icon.tsx'

const SHAPES: Record<Tone, Shape> = {
  going: 'going',
  good: 'check',
  bad: 'cross',
  held: 'held',
  quiet: 'dot',
}

/** The shape of a status, for those who do not see its colour. */
export const shapeOf = (tone: Tone): Shape => SHAPES[tone]

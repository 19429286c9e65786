import type { Tools } from '../../../shared/handler.ts'
import type { Place } from '../reader.ts'

/** What rows of types are made with. */
export type Using = Pick<Tools<unknown>, 'client'> & { place: Place }

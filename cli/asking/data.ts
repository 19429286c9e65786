import type { z } from 'zod/mini'
import type { Answer } from '../../domain/acts/answer.ts'
import { Problem } from '../problem.ts'

/** The data of an answer. @throws Problem where the entrance is older than this program, and says only words. */
export function dataOf<Schema extends z.ZodMiniType>(
  schema: Schema,
  { data }: Answer,
): z.output<Schema> {
  const read = schema.safeParse(data)
  if (read.success) return read.data
  throw new Problem(
    'The Caretaker that answers is of another version than this program: `caretaker environment deploy` brings it here.',
  )
}

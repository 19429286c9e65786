import * as z from 'zod'
import { environmentSchema } from '../../catalog/environment-schema.ts'
import { isNameFree } from '../../catalog/value-checks.ts'
import { SERVICE_NAME } from '../../catalog/words.ts'

/** What a new catalog is made of. */
export type Answers = { name: string; region: string; email: string; service: string }

export type Asked = keyof Answers

type Question = {
  text: string
  /** As the catalog reads it later: what is wrong is said at once. */
  schema: z.ZodType
}

const EMAIL = z.email().describe('an e-mail address')

const FIRST_SERVICE = SERVICE_NAME.refine(isNameFree).describe(
  `${SERVICE_NAME.description}; a name that no part of the environment has`,
)

/** The four questions, in the order in which they are put. */
export const QUESTIONS: Readonly<Record<Asked, Question>> = {
  name: { text: 'What is the environment called?', schema: environmentSchema.shape.name },
  region: { text: 'In which AWS Region is it?', schema: environmentSchema.shape.region },
  email: {
    text: 'Whose is it? The e-mail address of who is told what it costs, and may do everything:',
    schema: EMAIL,
  },
  service: { text: 'What is the first service called?', schema: FIRST_SERVICE },
}

/** What is wrong with an answer, and what is allowed; undefined for one that can be used. */
export function wrongWith(asked: Asked, answer: string): string | undefined {
  const { schema } = QUESTIONS[asked]
  if (schema.safeParse(answer).success) return undefined
  const found = answer === '' ? 'nothing' : JSON.stringify(answer)
  return `found ${found}, allowed: ${schema.description}`
}

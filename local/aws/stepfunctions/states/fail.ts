import { StatesError } from '../failure.ts'
import type { FailState } from '../language.ts'
import type { Visit } from '../visit.ts'

/** Ends the scope with the state's Error and Cause (state-fail.html). */
export async function fail(visit: Visit, state: FailState): Promise<never> {
  const text = async (field: 'Error' | 'Cause') => {
    const template = state[field]
    if (template === undefined) return undefined
    return (await visit.evaluateAs(template, 'string', field)) as string
  }
  throw new StatesError(await text('Error'), await text('Cause'))
}

import type { ChoiceState } from '../language.ts'
import type { Transition, Visit } from '../visit.ts'

/**
 * Takes the first rule whose Condition is true, or Default. The state's own Assign and Output
 * belong to Default; a rule has its own (state-choice.html).
 */
export async function choose(visit: Visit, state: ChoiceState): Promise<Transition> {
  for (const [index, rule] of state.Choices.entries()) {
    const prefix = `Choices[${index}]/`
    const matches = await visit.evaluateAs(rule.Condition, 'boolean', `${prefix}Condition`)
    if (matches === true) return visit.transform(rule, visit.input, rule.Next, {}, prefix)
  }
  if (state.Default !== undefined) return visit.transform(state, visit.input, state.Default)
  // AWS reports States.Runtime here, not the States.NoChoiceMatched of the language's specification.
  throw visit.failure(
    'States.Runtime',
    'Failed to transition out of the state. The state does not point to a next state.',
  )
}

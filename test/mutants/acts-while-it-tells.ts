import { onlyTells } from '../../local/invariants/only-tells.ts'
import type { Mutant } from './mutant.ts'

export const actsWhileItTells: Mutant = {
  name: 'sleep acts although the catalog says tell',
  file: 'functions/plan-sleep/index.ts',
  from: "catalog.features.sleep === 'tell' ? [] : decided.steps.due",
  to: 'decided.steps.due',
  finds: onlyTells,
  story: 'napToldOf',
}

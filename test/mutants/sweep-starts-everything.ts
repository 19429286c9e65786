import { doesNothingWhenNothingIs } from '../../local/invariants/does-nothing-when-nothing-is.ts'
import type { Mutant } from './mutant.ts'

export const sweepStartsEverything: Mutant = {
  name: 'the sweep starts the machine for every service',
  file: 'functions/sweep/index.ts',
  from: 'of due) {',
  to: 'of services.map((service) => ({ service, reasons: [] }))) {',
  finds: doesNothingWhenNothingIs,
  story: 'quiet',
}

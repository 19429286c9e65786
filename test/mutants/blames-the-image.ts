import { blamesImagesForWhatTheyDid } from '../../local/invariants/blames-images-for-what-they-did.ts'
import type { Mutant } from './mutant.ts'

export const blamesTheImage: Mutant = {
  name: 'what Caretaker could not do is held against the image',
  file: 'statemachines/roll-out.asl.json',
  from: "'failed', 'tried': 'failed', 'waiting'",
  to: "'rolled-back', 'tried': 'rolled-back', 'waiting'",
  finds: blamesImagesForWhatTheyDid,
  story: 'updateRefused',
}

import { runsWhatItsTagNames } from '../../local/invariants/runs-what-its-tag-names.ts'
import type { Mutant } from './mutant.ts'

export const readsOnePage: Mutant = {
  name: 'of a list that comes in pages only the first is read',
  file: 'functions/shared/listed.ts',
  from: 'token = page.PaginationToken || undefined',
  to: 'token = undefined as string | undefined',
  finds: runsWhatItsTagNames,
  story: 'aPageAtATime',
}

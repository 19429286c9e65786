import { buildFunctions } from '../scripts/build.ts'
import { sizeTable } from '../scripts/sizes.ts'

/** Bundles the functions into `dist/` and prints the size of each. */
export async function build(): Promise<number> {
  console.log(sizeTable(await buildFunctions()))
  return 0
}

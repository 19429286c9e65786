import { buildFunctions, sizeTable } from '../scripts/build.ts'

/** Bundles the functions into `dist/` and prints the size of each. */
export async function build(): Promise<number> {
  console.log(sizeTable(await buildFunctions()))
  return 0
}

import { buildFunctions, sizeTable } from '../scripts/build.ts'

/** Bundles the functions into `dist/` and prints what each weighs. */
export async function build(): Promise<number> {
  console.log(sizeTable(await buildFunctions()))
  return 0
}

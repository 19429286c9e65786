import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { cdk } from './deploy/cdk.ts'
import { deploy as deployAssembly } from './deploy/deploy.ts'
import { answerTo } from './question.ts'
import { parseWords } from './usage.ts'

const USAGE = 'npm run deploy [-- --yes] [--catalog <directory>]'

/** Deploys what the catalog says; asks once, with `--yes` not at all. */
export async function deploy(words: string[]): Promise<number> {
  const { values } = parseWords(
    words,
    {
      yes: { type: 'boolean', default: false },
      catalog: { type: 'string', default: 'catalog' },
    },
    USAGE,
  )
  const catalog = String(values.catalog)
  const { environment } = readCatalog(catalog)
  const done = await deployAssembly(await templatesOf(catalog), environment, {
    configuration: { region: environment.region },
    cdk,
    print: console.log,
    ask: async (question) =>
      values.yes === true || /^y(es)?$/i.test(await answerTo(`${question} [y/N]`, '--yes')),
    now: () => new Date(),
  })
  return done ? 0 : 1
}

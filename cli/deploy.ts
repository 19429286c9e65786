import { setTimeout as sleep } from 'node:timers/promises'
import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { cdkUntil } from './deploy/cdk.ts'
import { deploy as deployAssembly } from './deploy/deploy.ts'
import { interruptible } from './interruption.ts'
import { say } from './print.ts'
import { answerTo } from './question.ts'

type Options = { yes?: boolean; catalog: string }

/** Deploys what the catalog says; asks once, with `yes` not at all. */
export async function deploy({ yes, catalog }: Options): Promise<number> {
  const { environment } = readCatalog(catalog)
  const templates = await templatesOf(catalog, { isValidated: true })
  const done = await interruptible((interrupted) =>
    deployAssembly(templates, environment, {
      configuration: { region: environment.region },
      cdk: cdkUntil(interrupted),
      print: say,
      ask: async (question) =>
        yes === true || /^y(es)?$/i.test(await answerTo(`${question} [y/N]`, '--yes', interrupted)),
      now: () => new Date(),
      sleep: (milliseconds) => sleep(milliseconds),
      interrupted,
    }),
  )
  return done ? 0 : 1
}

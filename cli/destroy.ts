import { setTimeout as sleep } from 'node:timers/promises'
import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { cdkUntil } from './deploy/cdk.ts'
import { destroy as destroyEnvironment } from './destroy/destroy.ts'
import { interruptible } from './interruption.ts'
import { say } from './print.ts'
import { answerTo } from './question.ts'

type Options = { deleteData?: boolean; confirm?: string | undefined; catalog: string }

/** Deletes the environment; its name must be typed, or given as `confirm`. */
export async function destroy({ deleteData, confirm, catalog }: Options): Promise<number> {
  const { environment } = readCatalog(catalog)
  const templates = await templatesOf(catalog)
  const done = await interruptible((interrupted) =>
    destroyEnvironment(
      templates,
      environment,
      { deleteData: deleteData === true },
      {
        configuration: { region: environment.region },
        cdk: cdkUntil(interrupted),
        print: say,
        ask: async (question) => confirm ?? answerTo(question, '--confirm <name>', interrupted),
        sleep: (milliseconds) => sleep(milliseconds),
        interrupted,
      },
    ),
  )
  return done ? 0 : 1
}

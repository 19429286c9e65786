import { setTimeout as sleep } from 'node:timers/promises'
import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { cdkUntil } from './deploy/cdk.ts'
import { destroy as destroyEnvironment } from './destroy/destroy.ts'
import { interruptible } from './interruption.ts'
import { say } from './print.ts'
import { answerTo } from './question.ts'
import { parseWords } from './usage.ts'

const USAGE = 'npm run destroy [-- --delete-data] [--confirm <name>] [--catalog <directory>]'

/** Deletes the environment; its name must be typed, or given with `--confirm`. */
export async function destroy(words: string[]): Promise<number> {
  const { values } = parseWords(
    words,
    {
      'delete-data': { type: 'boolean', default: false },
      confirm: { type: 'string' },
      catalog: { type: 'string', default: 'catalog' },
    },
    USAGE,
  )
  const catalog = String(values.catalog)
  const { environment } = readCatalog(catalog)
  const { confirm } = values
  const templates = await templatesOf(catalog)
  const done = await interruptible((interrupted) =>
    destroyEnvironment(
      templates,
      environment,
      { deleteData: values['delete-data'] === true },
      {
        configuration: { region: environment.region },
        cdk: cdkUntil(interrupted),
        print: say,
        ask: async (question) =>
          typeof confirm === 'string'
            ? confirm
            : answerTo(question, '--confirm <name>', interrupted),
        sleep: (milliseconds) => sleep(milliseconds),
        interrupted,
      },
    ),
  )
  return done ? 0 : 1
}

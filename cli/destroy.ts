import { readCatalog } from '../catalog/read.ts'
import { templatesOf } from '../local/simulation/synth.ts'
import { cdkUntil } from './deploy/cdk.ts'
import { destroy as destroyEnvironment } from './destroy/destroy.ts'
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
  const done = await destroyEnvironment(
    await templatesOf(catalog),
    environment,
    { deleteData: values['delete-data'] === true },
    {
      configuration: { region: environment.region },
      cdk: cdkUntil(new AbortController().signal),
      print: say,
      ask: async (question) =>
        typeof confirm === 'string' ? confirm : answerTo(question, '--confirm <name>'),
    },
  )
  return done ? 0 : 1
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type Bounds, played } from '../kits/transcript.ts'

const FOLDER = join(import.meta.dirname, 'transcripts')

const bounds: Bounds = new Map()

/**
 * Calls and the whole of what they answer, defaults and refusals included; each file names the pages
 * of AWS that describe these operations. What stands here is what the local AWS answers, not a
 * recording of AWS: a line is as true as whoever read it beside those pages made it. `npx vitest run test/local/transcripts.test.ts -u`
 * writes down what is answered now: read each line that changes as a change of what users see.
 */
test.each(readdirSync(FOLDER))('%s is answered word for word', async (name) => {
  const path = join(FOLDER, name)
  await expect(await played(readFileSync(path, 'utf8'), bounds)).toMatchFileSnapshot(path)
})

/** How long things take, in milliseconds, and how likely they are: AWS promises none of it. */
test('what chance decides in these transcripts lies between the bounds of the table', async () => {
  const table = [...bounds].map(([label, all]) => [label, [...all].toSorted()])
  await expect(stringify(Object.fromEntries(table.toSorted()))).toMatchFileSnapshot(
    join(import.meta.dirname, 'chances.yaml'),
  )
})

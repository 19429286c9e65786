import * as z from 'zod'
import { shortDigest } from '../domain/image.ts'
import { type PlaceOptions, placeOf } from './asking/place.ts'
import { oneOf } from './hands/catalog.ts'
import { Problem } from './problem.ts'
import type { Terminal } from './terminal.ts'

type Options = PlaceOptions & { image: string; json?: boolean | undefined }

const answer = z.object({ digest: z.string() })

/**
 * Pushes an image into the simulated AWS that runs here, as a pipeline would.
 *
 * @throws UsageError for a service it does not have; Problem where no simulation runs.
 */
export async function push(
  service: string,
  tag: string,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { endpoint, services = [] } = await placeOf({ ...options, local: true }, terminal)
  const found = services.find(({ name }) => name === service)
  oneOf(
    'service',
    service,
    services.map(({ name }) => name),
  )
  const repository = found?.repository ?? ''
  const response = await fetch(new URL('/_caretaker/push', endpoint), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ repository, tag, image: options.image }),
  })
  if (!response.ok) throw new Problem(`The simulation did not take it: ${await response.text()}`)
  const { digest } = answer.parse(await response.json())
  if (options.json) {
    terminal.out(JSON.stringify({ service, repository, tag, digest }, undefined, 2))
    return 0
  }
  terminal.say(
    `Pushed ${repository}:${tag}, ${digest}.\nWait for its verdict: \`npx caretaker wait ${service}@${shortDigest(digest)}\``,
  )
  return 0
}

import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Admission } from '../local/console/admission.ts'
import { serveConsole } from '../local/console/server.ts'
import { type Place, type PlaceOptions, placeOf } from './asking/place.ts'
import { AccountSource } from './console/account.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage.ts'

type Options = PlaceOptions & {
  /** Of the environment, instead of the catalog's; the Region then is the caller's. */
  environment?: string | undefined
  port: number
  acts?: boolean | undefined
  /** Where a proxy serves it, which lets people in itself. */
  servedAt?: string | undefined
  print?: boolean | undefined
}

/**
 * Serves the console of a real account (or of a simulation that runs here) on this machine, with the
 * caller's own credentials, until Ctrl-C. Nothing is served before the first reading has succeeded.
 *
 * @throws UsageError for a port that is taken; Problem where it cannot be read.
 */
export async function openConsole(options: Options, terminal: Terminal): Promise<number> {
  const servedAt = addressOf(options)
  const place = await placeFor(options, terminal)
  if (place.assumed !== undefined) terminal.tell(place.assumed)
  const source = await AccountSource.open(place, {
    zone: terminal.timeZone,
    ...(options.acts !== true && { onlyReads: servedAt === undefined ? READS : READS_FOR_ALL }),
  })
  const key = servedAt === undefined ? randomBytes(24).toString('base64url') : undefined
  const admission: Admission = {
    ...(key !== undefined && { key }),
    ...(servedAt !== undefined && { servedAt }),
  }
  const server = await serving(source, admission, options.port)
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = servedAt?.href ?? `${here}/?key=${key}`
  greet(source, { url, here }, options, terminal)
  if (!options.print) terminal.browse?.(url)
  await interrupted(terminal)
  await new Promise((resolve) => server.close(resolve))
  return 0
}

const READS =
  'This console only reads. Start it with `npx caretaker console --acts` to act from here; the command line acts too.'
const READS_FOR_ALL =
  'This console only reads: whoever acted here would act under the name of whoever serves it. The command line acts.'

/** @throws UsageError for what is no address, or one that would let people act as somebody else. */
function addressOf({ servedAt, acts }: Options): URL | undefined {
  if (servedAt === undefined) return undefined
  const found = `--served-at: found ${JSON.stringify(servedAt)}`
  if (!URL.canParse(servedAt)) {
    throw new UsageError(`${found}, allowed: an address, such as https://console.example.com`)
  }
  const url = new URL(servedAt)
  if (url.protocol !== 'https:' || url.pathname !== '/') {
    throw new UsageError(`${found}, allowed: https:// and a name, without a path`)
  }
  if (acts) {
    throw new UsageError(
      '--acts with --served-at: everybody who is let in would act under your name; leave one out',
    )
  }
  return url
}

/** @throws UsageError */
async function placeFor(options: Options, terminal: Terminal): Promise<Place> {
  const { environment, local, endpointUrl } = options
  if (environment === undefined) return placeOf(options, terminal)
  if (local || endpointUrl !== undefined) {
    throw new UsageError('--environment is of AWS; a simulation says itself which one it is')
  }
  const region = terminal.env.AWS_REGION ?? terminal.env.AWS_DEFAULT_REGION
  if (region === undefined || region === '') {
    throw new UsageError(
      '--environment: in which Region? Set AWS_REGION, such as AWS_REGION=eu-central-1',
    )
  }
  return { environment, region, timeZone: terminal.timeZone, now: terminal.now() }
}

async function serving(source: AccountSource, admission: Admission, port: number): Promise<Server> {
  try {
    return await serveConsole({ source, admission }, { port })
  } catch (error) {
    throw new UsageError(`--port: ${(error as Error).message}`)
  }
}

function greet(
  source: AccountSource,
  { url, here }: { url: string; here: string },
  { acts, servedAt }: Options,
  terminal: Terminal,
): void {
  const { name, region, account } = source.environment
  const who = source.reader().who?.name ?? ''
  terminal.say(`The console of ${name} (${region}, account ${account}), as ${who}:`)
  terminal.out(`\n  ${url}\n`)
  if (servedAt !== undefined) {
    terminal.say(`Let the proxy ask ${here}, and hand the header Host on.`)
  }
  terminal.say(acts ? ACTS : 'It only reads; with `--acts` you act from there too, once asked.')
  terminal.say('AWS is asked while a page is open. Ctrl-C ends it.')
}

const ACTS = 'What you do there is done under your name, once you have said yes.'

const interrupted = (terminal: Terminal): Promise<void> =>
  new Promise((resolve) => {
    const off = terminal.onInterrupt(() => {
      off()
      resolve()
    })
  })

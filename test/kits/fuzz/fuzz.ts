import { Agent, request as httpRequest } from 'node:http'
import { Random } from '../../../local/aws/random.ts'
import { Simulation } from '../../../local/simulation/simulation.ts'
import { serve } from '../../../local/wire/endpoint.ts'
import { mutated } from './mutate.ts'
import { type Fuzzed, operationsOf, requestOf } from './request.ts'
import { type Maker, pick } from './value.ts'

export type Answer = { status: number; type: string; text: string }

/** After so many requests little is left of an account to ask for: another one is taken. */
const REQUESTS_OF_ONE_ACCOUNT = 500
/** Simulated time from one request to the next. */
const BETWEEN_MILLISECONDS = 500
/** A slow answer (a long poll, a synchronous function) has so much simulated time. */
const SLOWEST_MILLISECONDS = 30 * 60_000

/**
 * Sends seeded requests that are right, nearly right, and wrong, to the endpoint of an environment;
 * after each one a plain one.
 *
 * @returns what was sent and answered where the answer is not one that AWS could give.
 */
export async function fuzz(seed: number, count: number): Promise<string[]> {
  const problems: string[] = []
  for (let done = 0; done < count; done += REQUESTS_OF_ONE_ACCOUNT) {
    const some = Math.min(REQUESTS_OF_ONE_ACCOUNT, count - done)
    problems.push(...(await fuzzOne(seed * 1000 + done / REQUESTS_OF_ONE_ACCOUNT, some)))
  }
  return problems
}

/** One account, one endpoint. */
async function fuzzOne(seed: number, count: number): Promise<string[]> {
  const simulation = await Simulation.open({ seed, start: new Date('2026-03-02T09:00:00Z') })
  const endpoint = await serve(simulation.aws, {
    port: 0,
    run: (work) => whileTimePasses(simulation, work),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const port = Number(new URL(endpoint.url).port)
  const ask = (request: Pick<Fuzzed, 'method' | 'path' | 'headers' | 'body'>) =>
    sent({ port, agent }, request)
  const maker: Maker = { random: new Random(seed), names: namesIn(simulation) }
  const operations = operationsOf(simulation.aws)
  const problems: string[] = []
  try {
    for (let number = 0; number < count; number++) {
      const request = mutated(maker, requestOf(maker, pick(maker, operations)))
      const answer = await ask(request)
      const problem = problemOf(request, answer) ?? plainProblem(await ask(PLAIN))
      if (problem !== undefined) problems.push(`${seed}/${number} ${request.what}: ${problem}`)
    }
  } finally {
    agent.destroy()
    await endpoint.close()
  }
  return problems
}

/** Work that waits for simulated time gets it. */
async function whileTimePasses<Result>(
  { world }: Simulation,
  work: () => Promise<Result>,
): Promise<Result> {
  let done = false
  const end = () => {
    done = true
  }
  const result = work()
  result.then(end, end)
  const until = world.now + SLOWEST_MILLISECONDS
  // People are throttled too.
  await world.run(BETWEEN_MILLISECONDS)
  while (!done && world.now < until) await world.run(1000)
  if (!done) throw new Error('it has no answer')
  return result
}

/** What the environment's resources are called, and some of their ARNs. */
function namesIn({ deployed, aws }: Simulation): Maker['names'] {
  const ids = deployed.stacks.flatMap(({ resources }) =>
    resources.map(({ physicalId, type }) => ({ name: physicalId, kind: kindOf(type) })),
  )
  const arns = aws.services.flatMap((service) =>
    [...(service.tagged?.() ?? [])].map(({ arn }) => ({
      name: arn,
      kind: /^arn:aws:[^:]*:[^:]*:[^:]*:([a-z-]+)/i.exec(arn)?.[1]?.replace('-', '') ?? 'arn',
    })),
  )
  const few = [
    { name: 'main', kind: 'imagetag' },
    { name: 'caretaker:deploy', kind: 'key' },
    { name: 'pk', kind: 'attributename' },
    { name: '1', kind: 'value' },
  ]
  return [...ids, ...arns, ...few].filter(({ name }) => typeof name === 'string' && name !== '')
}

/** `AWS::StepFunctions::StateMachine` -> `statemachine` */
const kindOf = (type: string): string => type.split('::').at(-1)?.toLowerCase() ?? type

/** Who am I: it changes nothing and depends on nothing. */
const PLAIN = {
  method: 'POST',
  path: '/',
  headers: {
    'content-type': 'application/x-www-form-urlencoded',
    authorization:
      'AWS4-HMAC-SHA256 Credential=plain/20260302/eu-central-1/sts/aws4_request, SignedHeaders=host, Signature=0',
  },
  body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
}

const plainProblem = ({ status, text }: Answer): string | undefined =>
  status === 200 && text.includes('<Account>123456789012</Account>')
    ? undefined
    : `a plain request after it is answered ${status} ${text.slice(0, 300)}`

/** Where an error comes from in our own code. */
const STACK = /\bat [\w.<>#]+ \(|file:\/\/|node:internal|\.ts:\d+/

/** Why an answer is not one of AWS's; undefined when it is. */
function problemOf(
  { answers, method }: Fuzzed,
  { status, type, text }: Answer,
): string | undefined {
  const shown = `${status} ${type} ${text.slice(0, 600)}`
  // The trace of a function's own error is what Lambda answers.
  const invoked = status === 200 && text.startsWith('{"errorType":')
  if (STACK.test(text) && !invoked) return `it shows our code: ${shown}`
  if (text.includes('A defect of the local AWS')) return `a defect: ${shown}`
  if (text.includes('InternalFailure') || (status >= 500 && status !== 501 && status !== 503)) {
    return `our own error: ${shown}`
  }
  if (status < 400 || answers === 'any' || method === 'HEAD') return undefined
  if (status === 431 || status === 413) return undefined
  const fits = {
    json: () => type.includes('json') && isError(text),
    xml: () => type.includes('xml') && /<(Error|Errors)>/.test(text),
    cbor: () => type.includes('cbor'),
  }
  return fits[answers]() ? undefined : `it is no error in ${answers}: ${shown}`
}

function isError(text: string): boolean {
  try {
    const error = JSON.parse(text) as Record<string, unknown>
    return typeof error.__type === 'string' && typeof (error.message ?? error.Message) === 'string'
  } catch {
    return false
  }
}

function sent(
  { port, agent }: { port: number; agent: Agent },
  { method, path, headers, body }: Pick<Fuzzed, 'method' | 'path' | 'headers' | 'body'>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      {
        port,
        host: '127.0.0.1',
        agent,
        method,
        path,
        headers: { ...headers, 'content-length': body.length },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

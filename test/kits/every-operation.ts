import type { NormalizedSchema } from '@smithy/core/schema'
import type { Aws, Guard } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { throttle } from '../../local/aws/limits.ts'
import { missingMembers, operationSchema } from '../../local/aws/schema.ts'
import { World } from '../../local/aws/world.ts'
import { Account } from '../../local/simulation/account.ts'
import { PERSON, START } from './account.ts'
import { askedRights } from './asked-rights.ts'

type Input = Record<string, unknown>

/** Models hold themselves; nothing that is asked for is deeper. */
const DEEPEST = 4

/** More calls in one go than any service takes. */
const MANY = 3_000

type Said = {
  /** The rights that a role needs. */
  needs: unknown
  /** What of its input is refused by name. */
  refuses?: string[]
  /** How many calls are taken in one go, and in the second after that. */
  takes?: [number, number]
}

/**
 * Every operation of every service with an input made of its API model: each text says what it is
 * (`the-clusterName`), each list has one item.
 */
export async function everyOperation(): Promise<Record<string, Record<string, Said>>> {
  const { aws } = new Account({ seed: 1, begin: START, region: 'eu-central-1' })
  // Models' constraints would refuse the texts.
  aws.guards.length = 0
  const said: Record<string, Record<string, Said>> = {}
  for (const { id, operations } of aws.services) {
    const own: Record<string, Said> = {}
    for (const operation of Object.keys(operations).toSorted()) {
      const input = operationSchema(id, operation)?.input
      if (input !== undefined) own[operation] = await saidOf(aws, { id, operation, input })
    }
    said[id] = own
  }
  return said
}

async function saidOf(
  aws: Aws,
  { id, operation, input }: { id: string; operation: string; input: NormalizedSchema },
): Promise<Said> {
  const whole = sampleOf(input, operation, 0) as Input
  const needs = rightsOf({ aws, service: id, operation, input: whole })
  const required = missingMembers({}, input).map((member) => [member, whole[member]])
  const refuses: string[] = []
  for (const [member, value] of Object.entries(whole)) {
    const alone = { [member]: value }
    const asked = [alone, { ...Object.fromEntries(required), ...alone }]
    const answers = await Promise.all(asked.map((one) => refusalOf(aws, id, operation, one)))
    if (answers.some((answer) => answer.includes(`the member ${member} of`))) refuses.push(member)
  }
  const takes = await takesOf({ service: id, operation, input: whole, caller: PERSON })
  return { needs, ...(refuses.length > 0 && { refuses }), ...(takes && { takes }) }
}

async function takesOf(call: Parameters<Guard>[0]): Promise<[number, number] | undefined> {
  const world = new World({ seed: 1, start: START })
  const guard = throttle(world)
  const taken = () => {
    for (let count = 0; count < MANY; count++) {
      try {
        guard(call)
      } catch {
        return count
      }
    }
    return MANY
  }
  const atOnce = taken()
  if (atOnce === MANY) return undefined
  await world.run(1_000)
  return [atOnce, taken()]
}

function rightsOf(call: Parameters<typeof askedRights>[0]): unknown {
  try {
    return askedRights(call)
  } catch (error) {
    if (error instanceof AwsError) return `${error.name}: ${error.message}`
    throw error
  }
}

/** The words of a refusal; none for what is answered, or answered later. */
async function refusalOf(
  aws: Aws,
  service: string,
  operation: string,
  input: Input,
): Promise<string> {
  const answered = aws.call(service, operation, input, PERSON).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )
  return atOnce(answered)
}

/** Nothing of what is answered only after some simulated time. */
const atOnce = (answered: Promise<string>): Promise<string> =>
  Promise.race([answered, new Promise<string>((resolve) => setImmediate(resolve, ''))])

function sampleOf(schema: NormalizedSchema, name: string, depth: number): unknown {
  if (schema.isListSchema()) {
    return depth > DEEPEST ? [] : [sampleOf(schema.getValueSchema(), name, depth + 1)]
  }
  if (schema.isMapSchema()) {
    return depth > DEEPEST ? {} : { a: sampleOf(schema.getValueSchema(), name, depth + 1) }
  }
  if (schema.isStructSchema()) {
    if (schema.isUnitSchema() || depth > DEEPEST) return {}
    const members = [...schema.structIterator()]
    return Object.fromEntries(members.map(([one, of]) => [one, sampleOf(of, one, depth + 1)]))
  }
  if (schema.isBooleanSchema()) return true
  if (schema.isNumericSchema()) return 1
  if (schema.isTimestampSchema()) return START
  if (schema.isBlobSchema()) return new Uint8Array([1])
  return textOf(name)
}

const textOf = (name: string): string =>
  /arn/i.test(name) ? `arn:aws:any:eu-central-1:123456789012:the/${name}` : `the-${name}`

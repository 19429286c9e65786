import type { NormalizedSchema } from '@smithy/core/schema'
import type { Aws } from '../aws/aws.ts'
import { operationSchema, recase } from '../aws/schema.ts'
import { tagList } from '../aws/tags.ts'
import { TemplateError } from './template.ts'

/**
 * How simulated time passes while something asynchronous is waited for: one period (milliseconds).
 * While nothing happens in the world it may be several, of which all but the last would show
 * nothing new, and which are not longer than `most` by more than one.
 */
export type Wait = (period: number, most: number) => Promise<void>

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const SUFFIX_LENGTH = 12

/** What is needed while one resource is created or changed. */
export class Context {
  readonly aws: Aws
  readonly stack: string
  readonly logicalId: string
  readonly #tags: Readonly<Record<string, string>> | undefined
  readonly #wait: Wait

  /** @param tags for what is created; undefined when something is changed. */
  constructor(
    aws: Aws,
    of: { stack: string; logicalId: string; wait: Wait; tags?: Record<string, string> },
  ) {
    this.aws = aws
    this.stack = of.stack
    this.logicalId = of.logicalId
    this.#wait = of.wait
    this.#tags = of.tags
  }

  /**
   * Calls an API as CloudFormation does for the stack.
   *
   * @param input members in any case, numbers and booleans also as text, as templates have them.
   * @throws ShapeError for a member the API does not have; AwsError as AWS refuses.
   */
  call<Output = Record<string, unknown>>(
    service: string,
    operation: string,
    input: object,
  ): Promise<Output> {
    const schema = operationSchema(service, operation)
    if (schema === undefined) throw new TemplateError(`AWS has no ${service}:${operation}`)
    const whole = { ...input, ...this.#tagsFor(schema.input) }
    const members = recase(whole, schema.input, 'sdk', { coerce: true }) as object
    return this.aws.call<Output>(service, operation, members, {
      kind: 'cloudformation',
      name: this.stack,
    })
  }

  /** APIs take tags as a list or as a map; the shape says which, if any. */
  #tagsFor(input: NormalizedSchema): object {
    if (this.#tags === undefined) return {}
    const { name, isList } = tagsMember(input) ?? {}
    return name === undefined ? {} : { [name]: isList ? this.tags : this.#tags }
  }

  /** For an API that calls them otherwise: what is created is tagged with these. */
  get tags(): { Key: string; Value: string }[] {
    return tagList(this.#tags ?? {})
  }

  /**
   * The name a template gives, or `<stack>-<logical id>-<suffix>` as CloudFormation makes it, both
   * parts cut to fit.
   *
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
   *
   * @param most characters the service takes.
   */
  name(given: unknown, { most = 64, lower = false }: { most?: number; lower?: boolean } = {}) {
    if (typeof given === 'string') return given
    const room = most - SUFFIX_LENGTH - 2
    const stack = this.stack.slice(0, Math.max(room - this.logicalId.length, Math.ceil(room / 2)))
    const id = this.logicalId.slice(0, room - stack.length)
    const name = `${stack}-${id}-${this.#suffix()}`
    return lower ? name.toLowerCase() : name
  }

  #suffix(): string {
    return Array.from({ length: SUFFIX_LENGTH }, () => {
      const draw = this.aws.world.random.next(`${this.#stream}/name`)
      return LETTERS[Math.floor(draw * LETTERS.length)]
    }).join('')
  }

  /** Hexadecimal digits for an id. */
  hex(digits: number): string {
    return this.aws.world.random.hex(`${this.#stream}/id`, digits)
  }

  uuid(): string {
    return this.aws.world.random.uuid(`${this.#stream}/uuid`)
  }

  /** Random numbers of its own, so that one more resource changes no other's name. */
  get #stream(): string {
    return `cloudformation/${this.stack}/${this.logicalId}`
  }

  /**
   * Lets simulated time pass until `ask` returns true.
   *
   * @throws TemplateError when it has not within `most` milliseconds.
   */
  async until(what: string, ask: () => Promise<boolean>, most: number): Promise<void> {
    const { world } = this.aws
    const end = world.now + most
    while (!(await ask())) {
      if (world.now >= end) throw new TemplateError(`${what} within ${most / 1000} s`)
      await this.#wait(POLL_MILLISECONDS, end - world.now)
    }
  }
}

type TagsMember = { name: string; isList: boolean }

const tagsMembers = new WeakMap<NormalizedSchema, TagsMember | undefined>()

function tagsMember(input: NormalizedSchema): TagsMember | undefined {
  if (!tagsMembers.has(input)) {
    const found = [...input.structIterator()].find(([name]) => name.toLowerCase() === 'tags')
    tagsMembers.set(input, found && { name: found[0], isList: found[1].isListSchema() })
  }
  return tagsMembers.get(input)
}

/** How often CloudFormation checks; short compared with everything it waits for. */
const POLL_MILLISECONDS = 1_000

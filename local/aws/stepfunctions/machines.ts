import type {
  CreateStateMachineCommandInput,
  CreateStateMachineCommandOutput,
  DescribeStateMachineCommandInput,
  DescribeStateMachineCommandOutput,
  ListStateMachinesCommandInput,
  ListStateMachinesCommandOutput,
  UpdateStateMachineCommandInput,
  UpdateStateMachineCommandOutput,
  ValidateStateMachineDefinitionCommandInput,
  ValidateStateMachineDefinitionCommandOutput,
} from '@aws-sdk/client-sfn'
import type { Aws } from '../aws.ts'
import { AwsError, NotImplemented } from '../errors.ts'
import { type Tags, tagsFrom } from '../tags.ts'
import { checkDefinition } from './definition/check.ts'
import type { MachineType } from './definition/report.ts'
import type { MachineRevision } from './execution.ts'
import type { Definition } from './language.ts'
import { readLogging } from './logging.ts'
import { page } from './paging.ts'

/** The SDK's outputs without what its HTTP layer adds. */
type Answer<Output> = Omit<Output, '$metadata'>

type Machine = MachineRevision & {
  createdAt: Date
  tags: Tags
}

/** The simulated account's state machines. */
export class Machines {
  readonly #aws: Aws
  readonly #machines = new Map<string, Machine>()

  constructor(aws: Aws) {
    this.#aws = aws
  }

  create(input: CreateStateMachineCommandInput): Answer<CreateStateMachineCommandOutput> {
    refuseVersions(input.publish, input.versionDescription, 'CreateStateMachine')
    refuseKeys(input.encryptionConfiguration?.type)
    const name = checkName(input.name)
    const type = (input.type ?? 'STANDARD') as MachineType
    const arn = this.#aws.arn('states', `stateMachine:${name}`)
    const definition = definitionOf(input.definition, type)
    const roleArn = checkRole(input.roleArn)
    const logging = readLogging(this.#aws, input.loggingConfiguration)
    const tracing = input.tracingConfiguration ?? { enabled: false }
    const existing = this.#machines.get(arn)
    if (existing !== undefined) {
      // CreateStateMachine is idempotent in these; role and tags do not count (API reference).
      const wanted = [input.definition, type, logging, tracing]
      const present = [existing.text, existing.type, existing.logging, existing.tracing]
      if (JSON.stringify(wanted) !== JSON.stringify(present)) {
        throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`)
      }
      return { stateMachineArn: arn, creationDate: existing.createdAt }
    }
    const now = this.#aws.world.date
    this.#machines.set(arn, {
      arn,
      name,
      roleArn,
      type,
      definition,
      logging,
      tracing,
      text: input.definition ?? '',
      createdAt: now,
      updatedAt: now,
      revisionId: undefined,
      tags: tagsFrom(input.tags),
    })
    return { stateMachineArn: arn, creationDate: now }
  }

  update(input: UpdateStateMachineCommandInput): Answer<UpdateStateMachineCommandOutput> {
    refuseVersions(input.publish, input.versionDescription, 'UpdateStateMachine')
    refuseKeys(input.encryptionConfiguration?.type)
    const machine = this.get(input.stateMachineArn)
    const { definition: text, roleArn, loggingConfiguration, tracingConfiguration } = input
    const given = [
      text,
      roleArn,
      loggingConfiguration,
      tracingConfiguration,
      input.encryptionConfiguration,
    ]
    if (given.every((value) => value === undefined)) {
      throw new AwsError(
        'MissingRequiredParameter',
        'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified',
      )
    }
    // Executions that run keep the revision they started with.
    const updated: Machine = { ...machine, updatedAt: this.#aws.world.date }
    if (text !== undefined) {
      updated.definition = definitionOf(text, machine.type)
      updated.text = text
    }
    if (roleArn !== undefined) updated.roleArn = checkRole(roleArn)
    if (loggingConfiguration !== undefined) {
      updated.logging = readLogging(this.#aws, loggingConfiguration)
    }
    if (tracingConfiguration !== undefined) updated.tracing = tracingConfiguration
    if (isChanged(machine, updated)) {
      updated.revisionId = this.#aws.world.random.uuid('stepfunctions/revision')
    }
    this.#machines.set(machine.arn, updated)
    return { updateDate: updated.updatedAt, ...revisionOf(updated) }
  }

  describe(input: DescribeStateMachineCommandInput): Answer<DescribeStateMachineCommandOutput> {
    const machine = this.get(input.stateMachineArn)
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: 'ACTIVE',
      definition: machine.text,
      roleArn: machine.roleArn,
      type: machine.type,
      creationDate: machine.createdAt,
      ...configurationOf(machine),
    }
  }

  list(input: ListStateMachinesCommandInput): Answer<ListStateMachinesCommandOutput> {
    const machines = [...this.#machines.values()].map((machine) => ({
      stateMachineArn: machine.arn,
      name: machine.name,
      type: machine.type,
      creationDate: machine.createdAt,
    }))
    const { items, ...rest } = page(machines, input)
    return { stateMachines: items, ...rest }
  }

  /** Deleting what is not there is no error; executions that run go on to their end. */
  delete(input: { stateMachineArn?: string | undefined }): object {
    this.#machines.delete(checkArn(input.stateMachineArn))
    return {}
  }

  validate(
    input: ValidateStateMachineDefinitionCommandInput,
  ): Answer<ValidateStateMachineDefinitionCommandOutput> {
    const { diagnostics } = checkDefinition(
      input.definition ?? '',
      (input.type ?? 'STANDARD') as MachineType,
    )
    const most = input.maxResults === undefined || input.maxResults === 0 ? 100 : input.maxResults
    return {
      result: diagnostics.length === 0 ? 'OK' : 'FAIL',
      diagnostics: diagnostics.slice(0, most),
      truncated: diagnostics.length > most,
    }
  }

  /** @throws AwsError InvalidArn, StateMachineDoesNotExist */
  get(arn: string | undefined): Machine {
    const machine = this.#machines.get(checkArn(arn))
    if (machine !== undefined) return machine
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`)
  }

  /** @throws AwsError InvalidArn, ResourceNotFound */
  tagsOf(arn: string | undefined): Tags {
    const machine = this.#machines.get(checkArn(arn))
    if (machine !== undefined) return machine.tags
    throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`)
  }

  *tagged(): Iterable<{ arn: string; tags: Tags }> {
    for (const { arn, tags } of this.#machines.values()) yield { arn, tags }
  }
}

/** What is shown of a machine besides its definition and role. */
export function configurationOf(machine: MachineRevision) {
  return {
    loggingConfiguration: machine.logging,
    tracingConfiguration: machine.tracing,
    ...revisionOf(machine),
  }
}

const revisionOf = ({ revisionId }: MachineRevision) =>
  revisionId === undefined ? {} : { revisionId }

/** An update that says what is so already makes no new revision. */
function isChanged(before: Machine, after: Machine): boolean {
  const parts = ({ text, roleArn, logging, tracing }: Machine) =>
    JSON.stringify([text, roleArn, logging, tracing])
  return parts(before) !== parts(after)
}

const ARN = /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/

function checkArn(arn: string | undefined): string {
  const [, qualifier] = ARN.exec(arn ?? '') ?? ['', undefined]
  if (arn === undefined || !ARN.test(arn)) {
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`)
  }
  if (qualifier !== undefined)
    throw new NotImplemented(`versions and aliases of state machines (${arn})`)
  return arn
}

/** Names of machines and executions share their rules (CreateStateMachine, API reference). */
export function checkName(name: string | undefined): string {
  const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u
  if (name === undefined || name === '' || name.length > 80 || forbidden.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`)
  }
  return name
}

function checkRole(roleArn: string | undefined): string {
  if (roleArn !== undefined && /^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) return roleArn
  throw new AwsError('InvalidArn', `Invalid Role Arn: '${roleArn}'`)
}

function definitionOf(text: string | undefined, type: MachineType): Definition {
  const { definition, diagnostics } = checkDefinition(text ?? '', type)
  if (definition !== undefined) return definition
  const findings = diagnostics.map(({ code, message, location }) =>
    location === undefined ? `${code}: ${message}` : `${code}: ${message} at ${location}`,
  )
  throw new AwsError(
    'InvalidDefinition',
    `Invalid State Machine Definition: '${findings.join(', ')}'`,
  )
}

function refuseVersions(
  publish: boolean | undefined,
  text: string | undefined,
  operation: string,
): void {
  if (publish === true || text !== undefined) {
    throw new NotImplemented(`versions of state machines (sfn:${operation} with publish)`)
  }
}

function refuseKeys(type: string | undefined): void {
  if (type === undefined || type === 'AWS_OWNED_KEY') return
  throw new NotImplemented('encryption of state machines with a customer managed key')
}

import type {
  DeleteStackInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  GetTemplateInput,
} from '@aws-sdk/client-cloudformation'
import type { Aws, Operations, Service } from '../aws/aws.ts'
import { AwsError } from '../aws/errors.ts'
import { page } from '../aws/members.ts'
import { tagList } from '../aws/tags.ts'
import { type Assembly, type AssemblyStack, readAssembly } from './assembly.ts'
import type { Wait } from './context.ts'
import { untilSomethingHappens } from './deploy.ts'
import type { Deployed, DeployedResource, DeployedStack } from './deployed.ts'
import { BOOTSTRAP_VERSION } from './parameters.ts'
import { deployStack, removeStack } from './stack.ts'
import type { Template } from './template.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
type Status =
  | `${'CREATE' | 'UPDATE' | 'DELETE'}_IN_PROGRESS`
  | `${'CREATE' | 'UPDATE' | 'ROLLBACK' | 'UPDATE_ROLLBACK'}_COMPLETE`
  | 'DELETE_FAILED'

type Standing = {
  stack: DeployedStack
  /** What GetTemplate gives: also of a stack that was never made whole. */
  template: Template
  tags: Record<string, string>
  status: Status
  reason?: string
  /** What was never made whole has left this. */
  retained?: DeployedResource[]
}

export type StackOptions = {
  /** Named resources that an earlier stack has left are taken over. */
  importing?: boolean
  wait?: Wait
}

const UPDATABLE = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/

/** The stacks of an account: their states, and what they were made from. */
export class CloudFormation implements Service {
  readonly id = 'cloudformation'
  readonly operations: Operations
  /** Runs before each resource is made or changed; what it throws fails that resource. */
  beforeEach: (stack: string, logicalId: string) => void = () => {}
  readonly #aws: Aws
  readonly #stacks = new Map<string, Standing>()
  readonly #published: Assembly['assets'][] = []
  #underWay: (() => Promise<void>)[] = []

  constructor(aws: Aws) {
    this.#aws = aws
    this.operations = {
      DescribeStacks: ({ StackName, NextToken }: DescribeStacksInput) => {
        if (StackName !== undefined) return { Stacks: [this.#describe(this.#find(StackName))] }
        const asked = { token: NextToken, limit: PAGE, invalid: 'ValidationError' }
        const { items, next } = page([...this.#stacks.values()], asked)
        return {
          Stacks: items.map((one) => this.#describe(one)),
          ...(next === undefined ? {} : { NextToken: next }),
        }
      },
      GetTemplate: ({ StackName = '' }: GetTemplateInput) => ({
        TemplateBody: mangled(JSON.stringify(this.#find(StackName).template)),
        StagesAvailable: ['Original', 'Processed'],
      }),
      DescribeStackResources: ({ StackName = '' }: DescribeStackResourcesInput) => {
        const { stack, retained = [] } = this.#find(StackName)
        const shown = (ResourceStatus: string) => (resource: DeployedResource) => ({
          StackName: stack.name,
          StackId: stack.id,
          LogicalResourceId: resource.logicalId,
          PhysicalResourceId: resource.physicalId,
          ResourceType: resource.type,
          Timestamp: this.#aws.world.date,
          ResourceStatus,
        })
        return {
          StackResources: [
            ...stack.resources.map(shown('CREATE_COMPLETE')),
            ...retained.map(shown('DELETE_SKIPPED')),
          ],
        }
      },
      DeleteStack: async ({ StackName = '' }: DeleteStackInput) => {
        if (this.#stacks.has(StackName)) await this.delete(StackName)
        return {}
      },
    } as unknown as Operations
  }

  /** Takes over stacks that were loaded otherwise, as complete. */
  adopt(directory: string, { stacks }: Deployed): void {
    const read = readAssembly(directory, this.#aws)
    this.publish(read.assets)
    for (const { name, template, tags } of read.stacks) {
      const stack = stacks.find((one) => one.name === name)
      if (stack === undefined) continue
      this.#stacks.set(name, { stack, template, tags, status: 'CREATE_COMPLETE' })
    }
  }

  /** What is published once stays in the bucket of assets: stacks that change later may need it. */
  publish(assets: Assembly['assets']): void {
    this.#published.unshift(assets)
  }

  /**
   * The directory or file of an asset, by its key in the bucket.
   *
   * @throws AwsError as Lambda refuses code that is not there.
   */
  assets(key: string): string {
    for (const assets of this.#published) {
      const found = assets(key)
      if (found !== undefined) return found
    }
    throw new AwsError(
      'InvalidParameterValueException',
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    )
  }

  /** What `cdk bootstrap` leaves behind. */
  bootstrap(): void {
    const stack = empty('CDKToolkit', this.#aws)
    stack.outputs = { BootstrapVersion: BOOTSTRAP_VERSION }
    const template = { Resources: {} }
    this.#stacks.set(stack.name, { stack, template, tags: {}, status: 'CREATE_COMPLETE' })
  }

  get deployed(): DeployedStack[] {
    return [...this.#stacks.values()].map(({ stack }) => stack)
  }

  /** Undefined when there is no such stack. */
  statusOf(name: string): string | undefined {
    return this.#stacks.get(name)?.status
  }

  /**
   * Makes a stack, or changes it; what fails is taken back, and the state says so.
   *
   * @throws TemplateError why it failed; AwsError in a state that allows no update.
   */
  async deploy(stack: AssemblyStack, options: StackOptions = {}): Promise<void> {
    const before = this.#begin(stack)
    const retained: DeployedResource[] = []
    try {
      const deployed = await deployStack(this.#aws, stack, {
        before: before?.stack,
        exports: new Map(this.#others(stack.name).flatMap((one) => Object.entries(one.exports))),
        others: this.#others(stack.name),
        wait: options.wait ?? untilSomethingHappens(this.#aws.world),
        noted: [],
        rollBack: true,
        retained,
        beforeEach: (name, logicalId) => this.beforeEach(name, logicalId),
        ...(options.importing === undefined ? {} : { importing: options.importing }),
      })
      const status = before === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE'
      this.#stacks.set(stack.name, { ...stack, stack: deployed, status })
    } catch (error) {
      const reason = (error as Error).message
      const failed: Standing =
        before === undefined
          ? { ...neverMade(stack, this.#aws), status: 'ROLLBACK_COMPLETE', reason, retained }
          : { ...before, status: 'UPDATE_ROLLBACK_COMPLETE', reason }
      this.#stacks.set(stack.name, failed)
      throw error
    }
  }

  /** Begins with a stack; it goes on by itself until `settle`, whether or not anybody waits. */
  start(stack: AssemblyStack, options: StackOptions = {}): void {
    const before = this.#begin(stack)
    this.#underWay.push(async () => {
      if (before === undefined) this.#stacks.delete(stack.name)
      else this.#stacks.set(stack.name, before)
      await this.deploy(stack, options)
    })
  }

  /** Lets what has been started come to its end. */
  async settle(): Promise<void> {
    for (const finish of this.#underWay.splice(0)) await finish()
  }

  /** Deletes a stack, with all that its template does not retain. */
  async delete(name: string, wait = untilSomethingHappens(this.#aws.world)): Promise<void> {
    const standing = this.#find(name)
    const others = this.#others(name)
    const failed = await removeStack(this.#aws, standing.stack, { others, wait })
    if (failed === undefined) this.#stacks.delete(name)
    else {
      const { left: stack, reason } = failed
      this.#stacks.set(name, { ...standing, stack, status: 'DELETE_FAILED', reason })
    }
  }

  #begin(stack: AssemblyStack): Standing | undefined {
    const { name } = stack
    const before = this.#stacks.get(name)
    if (before !== undefined && !UPDATABLE.test(before.status)) {
      throw new AwsError(
        'ValidationError',
        `Stack:${before.stack.id} is in ${before.status} state and can not be updated.`,
      )
    }
    const under: Standing =
      before === undefined
        ? { ...neverMade(stack, this.#aws), status: 'CREATE_IN_PROGRESS' }
        : { ...before, status: 'UPDATE_IN_PROGRESS' }
    this.#stacks.set(name, under)
    return before
  }

  #others(name: string): DeployedStack[] {
    return this.deployed.filter((one) => one.name !== name)
  }

  #find(nameOrId: string): Standing {
    const found = [...this.#stacks.values()].find(
      ({ stack: { name, id } }) => name === nameOrId || id === nameOrId,
    )
    if (found !== undefined) return found
    throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`)
  }

  #describe({ stack, status, reason, tags }: Standing) {
    return {
      StackName: stack.name,
      StackId: stack.id,
      StackStatus: status,
      ...(reason === undefined ? {} : { StackStatusReason: reason }),
      CreationTime: this.#aws.world.date,
      Outputs: Object.entries(stack.outputs).map(([OutputKey, value]) => ({
        OutputKey,
        OutputValue: String(value),
      })),
      Tags: tagList(tags),
    }
  }
}

/** Of DescribeStacks: AWS cuts at 1 MB; what matters is that there is a second one. */
const PAGE = 50

/** CloudFormation keeps templates in ASCII: each other character is answered as `?`. */
const mangled = (text: string): string => text.replace(/[\u{80}-\u{10ffff}]/gu, '?')

const neverMade = (stack: AssemblyStack, aws: Aws) => ({ ...stack, stack: empty(stack.name, aws) })

const empty = (name: string, aws: Aws): DeployedStack => ({
  name,
  id: aws.arn('cloudformation', `stack/${name}/${aws.world.random.uuid(`cloudformation/${name}`)}`),
  parameters: {},
  outputs: {},
  exports: {},
  imports: [],
  resources: [],
})

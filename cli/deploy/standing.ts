import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation'
import { isStackOf } from '../../domain/stack-names.ts'
import type { Template } from '../../scripts/assembly.ts'
import type { Configuration } from './account.ts'

/** A stack of the environment as CloudFormation has it. */
export type Standing = { name: string; status: string; template: Template }

/** The environment's stacks, also those that have left the catalog; by name. */
export async function standingStacks(
  configuration: Configuration,
  environment: { name: string },
): Promise<Map<string, Standing>> {
  const client = new CloudFormationClient(configuration)
  const found = new Map<string, Standing>()
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const { StackName: name = '', StackStatus: status = '' } of Stacks) {
      if (!isStackOf(environment, name)) continue
      const { TemplateBody } = await client.send(
        new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }),
      )
      // A stack whose first change set was never executed has none.
      found.set(name, {
        name,
        status,
        template: { Resources: {}, ...JSON.parse(TemplateBody || '{}') } as Template,
      })
    }
  }
  return found
}

/** What a stack has left behind, although it was never made whole or was deleted: retained data. */
export async function retainedBy(
  configuration: Configuration,
  StackName: string,
): Promise<string[]> {
  const { StackResources = [] } = await new CloudFormationClient(configuration).send(
    new DescribeStackResourcesCommand({ StackName }),
  )
  return StackResources.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_SKIPPED').map(
    ({ ResourceType, PhysicalResourceId }) => `${ResourceType} ${PhysicalResourceId}`,
  )
}

/** What CloudFormation is still doing something about; it takes no other order meanwhile. */
export const isUnderWay = ({ status }: { status: string }): boolean =>
  status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS'

/** Stacks that can only be deleted: never made whole, or half gone. */
const DEAD = /^(CREATE_FAILED|ROLLBACK_COMPLETE|ROLLBACK_FAILED|DELETE_FAILED|REVIEW_IN_PROGRESS)$/

export const isDead = ({ status }: { status: string }): boolean => DEAD.test(status)

/**
 * Stacks whose template is what stands. After UPDATE_ROLLBACK_COMPLETE that is the template of the
 * deployment before.
 */
const WHOLE = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/

export const isWhole = ({ status }: { status: string }): boolean => WHOLE.test(status)

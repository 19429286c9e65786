import {
  DescribeStackResourcesCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
} from '@aws-sdk/client-cloudformation'
import { parseDocument } from 'yaml'
import { COPILOT } from '../../domain/adopt/origin.ts'
import type { FoundStack } from '../../domain/adopt/stacks.ts'
import { tagsIn } from '../../domain/tags.ts'
import type { Clients } from './clients.ts'

/** What CDK writes into each template. */
const CDK = /aws:cdk:path|AWS::CDK::Metadata|\/cdk-bootstrap\//

/** The stacks that have made something, whether CDK has made each, and those of Copilot whole. */
export async function readStacks(
  clients: Clients,
  named: ReadonlySet<string>,
): Promise<{ isCdk: ReadonlyMap<string, boolean>; copilot: FoundStack[] }> {
  const isCdk = new Map<string, boolean>()
  const copilot: FoundStack[] = []
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: clients.stacks }, {})) {
    for (const { StackName: name = '', Tags, ParentId } of Stacks) {
      const tags = tagsIn(Tags)
      const isCopilot = COPILOT in tags && ParentId === undefined
      if (!isCopilot && !named.has(name)) continue
      const template = await templateOf(clients, name)
      isCdk.set(name, CDK.test(template))
      if (isCopilot) copilot.push(await whole(clients, { name, tags, template }))
    }
  }
  return { isCdk, copilot }
}

async function templateOf({ stacks }: Clients, StackName: string): Promise<string> {
  const { TemplateBody = '' } = await stacks.send(new GetTemplateCommand({ StackName }))
  return TemplateBody
}

/** `DescribeStackResources` answers for a hundred resources; Copilot's stacks have fewer. */
async function whole(
  { stacks }: Clients,
  { name, tags, template }: Pick<FoundStack, 'name' | 'tags'> & { template: string },
): Promise<FoundStack> {
  const { StackResources = [] } = await stacks.send(
    new DescribeStackResourcesCommand({ StackName: name }),
  )
  const retained = retainedIn(template)
  return {
    ...{ name, tags },
    resources: StackResources.map((one) => ({
      type: one.ResourceType ?? '',
      id: one.PhysicalResourceId ?? one.LogicalResourceId ?? '',
      stays: retained.has(one.LogicalResourceId ?? ''),
    })),
  }
}

/** Copilot's templates are YAML with CloudFormation's short forms, which no plain reader knows. */
function retainedIn(template: string): ReadonlySet<string> {
  const read = parseDocument(template, { logLevel: 'silent', strict: false }).toJS() as {
    Resources?: Record<string, { DeletionPolicy?: string }>
  } | null
  return new Set(
    Object.entries(read?.Resources ?? {}).flatMap(([id, { DeletionPolicy = '' }]) =>
      DeletionPolicy.startsWith('Retain') ? [id] : [],
    ),
  )
}

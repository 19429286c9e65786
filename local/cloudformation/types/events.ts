import type {
  CreateEventBusResponse,
  PutRuleResponse,
  PutTargetsResponse,
} from '@aws-sdk/client-eventbridge'
import type { Context } from '../context.ts'
import { given, jsonText, type Properties, standIn, type TypeTable } from '../resource-type.ts'
import { TemplateError } from '../template.ts'

type Targets = { Id: string }[]

const POLICY = 'Roles alone say who may put events on a bus here.'

/** EventBridge. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html */
export const EVENTS: TypeTable = {
  'AWS::Events::Rule': {
    effect: [
      'Name',
      'Description',
      'EventBusName',
      'EventPattern',
      'ScheduleExpression',
      'State',
      'RoleArn',
      'Targets',
    ],
    replacedBy: ['Name', 'EventBusName'],
    create: async (context, properties) => {
      const name = context.name(properties.Name)
      const bus = properties.EventBusName as string | undefined
      const { RuleArn } = await putRule(context, name, properties)
      await putTargets(context, name, properties)
      const ref = bus === undefined || bus === 'default' ? name : `${bus}|${name}`
      return { ref, attributes: { Arn: RuleArn } }
    },
    update: async (context, properties, { ref, properties: before }) => {
      const name = ruleName(ref)
      await putRule(context, name, properties)
      const staying = new Set(((properties.Targets ?? []) as Targets).map(({ Id }) => Id))
      const gone = targetIds(before).filter((id) => !staying.has(id))
      await removeTargets(context, name, properties, gone)
      await putTargets(context, name, properties)
    },
    delete: async (context, { ref, properties }) => {
      const name = ruleName(ref)
      await removeTargets(context, name, properties, targetIds(properties))
      await context.call('eventbridge', 'DeleteRule', { Name: name, ...busOf(properties) })
    },
  },
  'AWS::Events::EventBus': {
    effect: ['Name', 'EventSourceName', 'Description', 'DeadLetterConfig'],
    noEffect: {
      Policy: POLICY,
      KmsKeyIdentifier: 'Nothing is written to a disk.',
      LogConfig: 'The journal of the bus shows every event.',
    },
    replacedBy: ['Name', 'EventSourceName'],
    create: async (context, properties) => {
      const Name = context.name(properties.Name, { most: 256 })
      const { EventBusArn } = await context.call<CreateEventBusResponse>(
        'eventbridge',
        'CreateEventBus',
        { ...properties, Name },
      )
      return { ref: Name, attributes: { Arn: EventBusArn, Name } }
    },
    delete: (context, { ref }) => context.call('eventbridge', 'DeleteEventBus', { Name: ref }),
  },
  'AWS::Events::EventBusPolicy': standIn(POLICY, (_, { EventBusName, StatementId }) =>
    [EventBusName ?? 'default', StatementId].join('|'),
  ),
}

const busOf = ({ EventBusName }: Properties) => given({ EventBusName })

const ruleName = (ref: string): string => ref.split('|').at(-1) ?? ''

const targetIds = ({ Targets = [] }: Properties): string[] =>
  (Targets as Targets).map(({ Id }) => Id)

function putRule(context: Context, Name: string, properties: Properties): Promise<PutRuleResponse> {
  const { Targets: _, EventPattern, ...rule } = properties
  return context.call('eventbridge', 'PutRule', {
    ...rule,
    Name,
    ...given({ EventPattern: EventPattern && jsonText(EventPattern) }),
  })
}

async function putTargets(context: Context, Rule: string, properties: Properties): Promise<void> {
  if (targetIds(properties).length === 0) return
  const { Targets } = properties
  const { FailedEntries = [] } = await context.call<PutTargetsResponse>(
    'eventbridge',
    'PutTargets',
    {
      Rule,
      ...busOf(properties),
      Targets,
    },
  )
  const [failed] = FailedEntries
  if (failed !== undefined) {
    throw new TemplateError(`target ${failed.TargetId}: ${failed.ErrorMessage}`)
  }
}

async function removeTargets(
  context: Context,
  Rule: string,
  properties: Properties,
  Ids: readonly string[],
): Promise<void> {
  if (Ids.length === 0) return
  await context.call('eventbridge', 'RemoveTargets', { Rule, ...busOf(properties), Ids })
}

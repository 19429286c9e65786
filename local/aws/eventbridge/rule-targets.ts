import type {
  ListTargetsByRuleRequest,
  PutTargetsRequest,
  RemoveTargetsRequest,
  Target,
} from '@aws-sdk/client-eventbridge'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { checkTarget } from '../target-call.ts'
import { isJson, wrongSetting } from '../target-settings.ts'
import { type Buses, eventBridgePage } from './buses.ts'
import { validation } from './model.ts'
import { checkPath, PREDEFINED, placeholders } from './transform.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_TARGETS = 5
const MOST_VARIABLES = 100

/** Services whose targets EventBridge reaches only by a role. */
const NEEDS_ROLE = ['states', 'ecs']

export function targetOperations(buses: Buses) {
  return {
    PutTargets: ({ Rule, EventBusName, Targets = [] }: PutTargetsRequest) => {
      const rule = buses.rule(Rule, EventBusName)
      for (const target of Targets) check(target, rule.roleArn)
      const ids = new Set([...rule.targets.keys(), ...Targets.map(({ Id }) => Id)])
      if (ids.size > MOST_TARGETS) {
        throw new AwsError(
          'LimitExceededException',
          'The requested resource exceeds the maximum number allowed.',
        )
      }
      for (const target of Targets) rule.targets.set(target.Id ?? '', target)
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    RemoveTargets: ({ Rule, EventBusName, Ids = [] }: RemoveTargetsRequest) => {
      const { targets } = buses.rule(Rule, EventBusName)
      const unknown = Ids.filter((id) => !targets.has(id))
      for (const id of Ids) targets.delete(id)
      return {
        FailedEntryCount: unknown.length,
        FailedEntries: unknown.map((TargetId) => ({
          TargetId,
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: `Rule ${Rule} does not have a target with the Id ${TargetId}.`,
        })),
      }
    },
    ListTargetsByRule: ({ Rule, EventBusName, NextToken, Limit }: ListTargetsByRuleRequest) => {
      const { targets } = buses.rule(Rule, EventBusName)
      const { items, next } = eventBridgePage([...targets.values()], NextToken, Limit)
      return { Targets: items, NextToken: next }
    },
  }
}

/** @throws AwsError ValidationException as AWS, NotImplemented for what is not simulated */
function check(target: Target, ruleRole: string | undefined): void {
  onlyMembers('eventbridge:PutTargets', target, [
    'Id',
    'Arn',
    'RoleArn',
    'Input',
    'InputPath',
    'InputTransformer',
    'EcsParameters',
    'DeadLetterConfig',
    'RetryPolicy',
  ])
  const { Id = '', Arn = '' } = target
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Id)) {
    throw validation(`Value '${Id}' at 'targets.1.member.id' failed to satisfy constraint.`)
  }
  checkTarget(Arn)
  const service = Arn.split(':')[2] ?? ''
  if (NEEDS_ROLE.includes(service) && !target.RoleArn && !ruleRole) {
    throw validation(`RoleArn is required for target ${Arn}.`)
  }
  if (service === 'ecs' && !target.EcsParameters?.TaskDefinitionArn) {
    throw validation(`EcsParameters is required for target ${Arn}.`)
  }
  checkInput(target, service)
  const wrong = wrongSetting(target)
  if (wrong !== undefined) throw validation(`Invalid target ${Id}: ${wrong}`)
}

function checkInput(target: Target, service: string): void {
  const { Id, Input, InputPath, InputTransformer } = target
  const given = [Input, InputPath, InputTransformer].filter((one) => one !== undefined)
  if (given.length > 1) {
    throw validation(
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`,
    )
  }
  if (service === 'events' && given.length > 0) {
    throw new NotImplemented('inputs of event bus targets')
  }
  if (Input !== undefined && !isJson(Input)) {
    throw validation(`Input for target ${Id} is not valid JSON text.`)
  }
  if (InputPath !== undefined) checkPath(InputPath)
  if (InputTransformer === undefined) return
  const { InputPathsMap = {}, InputTemplate } = InputTransformer
  if (!InputTemplate) throw validation(`InputTemplate is required for target ${Id}.`)
  const names = Object.keys(InputPathsMap)
  if (names.length > MOST_VARIABLES || names.some((name) => name.startsWith('aws.'))) {
    throw validation(`Invalid InputTransformer for target ${Id}: variables.`)
  }
  for (const path of Object.values(InputPathsMap)) checkPath(path)
  const unknown = placeholders(InputTemplate).find(
    (name) => !names.includes(name) && !PREDEFINED.includes(name),
  )
  if (unknown === undefined) return
  throw validation(`InputTemplate for target ${Id} contains invalid placeholder ${unknown}.`)
}

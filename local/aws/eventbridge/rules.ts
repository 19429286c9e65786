import type {
  DescribeRuleResponse,
  ListRuleNamesByTargetRequest,
  ListRulesRequest,
  PutRuleRequest,
} from '@aws-sdk/client-eventbridge'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Expression, readExpression } from '../schedule/expression.ts'
import { tagsFrom } from '../tags.ts'
import { type Buses, eventBridgePage } from './buses.ts'
import { type Bus, type Rule, type RuleState, validation } from './model.ts'
import { compilePattern } from './pattern.ts'
import type { RuleSchedules } from './rule-schedules.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_RULES = 300

const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']

type Named = { Name: string | undefined; EventBusName?: string | undefined }

export function ruleOperations(buses: Buses, schedules: RuleSchedules) {
  const ruleOf = ({ Name, EventBusName }: Named) => buses.rule(Name, EventBusName)
  const switchTo = (state: RuleState) => (input: Named) => {
    const rule = ruleOf(input)
    rule.state = state
    schedules.arm(rule)
    return {}
  }
  return {
    PutRule: (input: PutRuleRequest) => {
      const rule = put(buses, input)
      schedules.arm(rule)
      return { RuleArn: rule.arn }
    },
    DescribeRule: (input: Named) => ({
      ...describe(ruleOf(input)),
      CreatedBy: buses.aws.account,
    }),
    EnableRule: switchTo('ENABLED'),
    DisableRule: switchTo('DISABLED'),
    DeleteRule: ({ Name = '', EventBusName }: Named) => {
      const { rules } = buses.bus(EventBusName)
      const rule = rules.get(Name)
      if (rule === undefined) return {}
      if (rule.targets.size > 0) throw validation("Rule can't be deleted since it has targets.")
      rules.delete(Name)
      rule.timer?.cancel()
      return {}
    },
    ListRules: ({ NamePrefix = '', EventBusName, NextToken, Limit }: ListRulesRequest) => {
      const rules = [...buses.bus(EventBusName).rules.values()]
      const named = rules.filter(({ name }) => name.startsWith(NamePrefix))
      const { items, next } = eventBridgePage(named, NextToken, Limit)
      return { Rules: items.map(describe), NextToken: next }
    },
    ListRuleNamesByTarget: (input: ListRuleNamesByTargetRequest) => {
      const names = [...buses.bus(input.EventBusName).rules.values()]
        .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === input.TargetArn))
        .map(({ name }) => name)
      const { items, next } = eventBridgePage(names, input.NextToken, input.Limit)
      return { RuleNames: items, NextToken: next }
    },
  }
}

/** Creates a rule, or replaces all of it but its targets and tags. @throws AwsError */
function put(buses: Buses, input: PutRuleRequest): Rule {
  onlyMembers('eventbridge:PutRule', input, [
    'Name',
    'ScheduleExpression',
    'EventPattern',
    'State',
    'Description',
    'RoleArn',
    'Tags',
    'EventBusName',
  ])
  const bus = buses.bus(input.EventBusName)
  const name = checkName(input.Name)
  const changeable = read(input, bus)
  const existing = bus.rules.get(name)
  if (existing !== undefined) return Object.assign(existing, changeable)
  if (bus.rules.size >= MOST_RULES) {
    throw new AwsError(
      'LimitExceededException',
      'The requested resource exceeds the maximum number allowed.',
    )
  }
  const path = bus.name === 'default' ? name : `${bus.name}/${name}`
  const rule: Rule = {
    name,
    arn: buses.aws.arn('events', `rule/${path}`),
    bus: bus.name,
    tags: tagsFrom(input.Tags),
    targets: new Map(),
    ...changeable,
  }
  bus.rules.set(name, rule)
  return rule
}

/** What PutRule sets: a member that is left out is taken away. */
function read(input: PutRuleRequest, bus: Bus) {
  const { EventPattern, ScheduleExpression, State = 'ENABLED', Description, RoleArn } = input
  if (!EventPattern && !ScheduleExpression) {
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.')
  }
  if (!STATES.includes(State)) throw validation(`Value '${State}' at 'state' is not valid.`)
  return {
    state: State as RuleState,
    description: Description,
    roleArn: RoleArn,
    eventPattern: EventPattern,
    matches: EventPattern ? compilePattern(EventPattern) : () => false,
    scheduleExpression: ScheduleExpression,
    schedule: ScheduleExpression ? readSchedule(ScheduleExpression, bus) : undefined,
  }
}

/** @throws AwsError ValidationException */
function readSchedule(text: string, bus: Bus): Expression {
  if (bus.name !== 'default') {
    throw validation('ScheduleExpression is supported only on the default event bus.')
  }
  const expression = readExpression(text)
  if (expression === undefined || expression.kind === 'at' || !isRuleSpelling(text)) {
    throw validation('Parameter ScheduleExpression is not valid.')
  }
  return expression
}

/** Stricter than Scheduler: `rate(1 minute)` but `rate(5 minutes)`, and a cron with its year. */
function isRuleSpelling(text: string): boolean {
  if (text.startsWith('cron(')) return text.slice(5, -1).trim().split(/\s+/).length === 6
  return /^rate\((1 [a-z]+[^s]|(?!1 )\d+ [a-z]+s)\)$/.test(text)
}

function checkName(name = ''): string {
  if (/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) return name
  throw validation(
    `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
  )
}

function describe(rule: Rule): DescribeRuleResponse {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.eventPattern,
    ScheduleExpression: rule.scheduleExpression,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  }
}

import type {
  AlarmMuteRuleStatus,
  DeleteAlarmMuteRuleInput,
  GetAlarmMuteRuleInput,
  ListAlarmMuteRulesInput,
  PutAlarmMuteRuleInput,
} from '@aws-sdk/client-cloudwatch'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import { type Expression, nextInstant, readExpression } from '../schedule/expression.ts'
import { isTimeZone } from '../schedule/time-zone.ts'
import { type Tags, tagsFrom } from '../tags.ts'

type MuteRule = {
  name: string
  arn: string
  /** As it was put: what GetAlarmMuteRule shows. */
  input: PutAlarmMuteRuleInput
  expression: Expression
  /** Milliseconds. */
  duration: number
  zone: string
  alarms: readonly string[]
  start: number
  /** Milliseconds; none: it does not end. */
  end: number
  updatedAt: Date
  tags: Tags
}

/** Why an alarm is mute, and from when until when (milliseconds). */
export type Mute = { arn: string; start: number; end: number }

const MOST_ALARMS = 100
const MINUTE = 60_000
const DAY = 86_400_000

/**
 * Mute rules: times in which alarms change their state and tell the event bus, but do not act.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
 */
export class MuteRules {
  readonly #aws: Aws
  readonly #rules = new Map<string, MuteRule>()

  constructor(aws: Aws) {
    this.#aws = aws
  }

  get all(): Iterable<MuteRule> {
    return this.#rules.values()
  }

  /** The mute that an alarm is under now: of several, the one that ends last. */
  of(alarm: string): Mute | undefined {
    const { now } = this.#aws.world
    return [...this.#rules.values()]
      .filter(({ alarms }) => alarms.includes(alarm))
      .flatMap((rule) => windowOf(rule, now) ?? [])
      .toSorted((a, b) => b.end - a.end)[0]
  }

  operations() {
    return {
      PutAlarmMuteRule: (input: PutAlarmMuteRuleInput) => {
        const rule = read(this.#aws, input, this.#rules.get(input.Name ?? ''))
        this.#rules.set(rule.name, rule)
        return {}
      },
      GetAlarmMuteRule: ({ AlarmMuteRuleName }: GetAlarmMuteRuleInput) => {
        const rule = this.#get(AlarmMuteRuleName)
        const { Tags: _, ...input } = rule.input
        return { ...input, ...this.#summary(rule) }
      },
      ListAlarmMuteRules: (input: ListAlarmMuteRulesInput) => this.#list(input),
      DeleteAlarmMuteRule: ({ AlarmMuteRuleName }: DeleteAlarmMuteRuleInput) => {
        this.#rules.delete(AlarmMuteRuleName ?? '')
        return {}
      },
    }
  }

  #get(name = ''): MuteRule {
    const rule = this.#rules.get(name)
    if (rule !== undefined) return rule
    throw new AwsError('ResourceNotFoundException', `Alarm mute rule ${name} does not exist`, {
      statusCode: 404,
    })
  }

  #list({ AlarmName, Statuses, MaxRecords = 50, NextToken }: ListAlarmMuteRulesInput) {
    const found = [...this.#rules.values()]
      .filter(({ alarms }) => AlarmName === undefined || alarms.includes(AlarmName))
      .filter((rule) => Statuses?.includes(this.#statusOf(rule)) ?? true)
    const asked = { token: NextToken, limit: MaxRecords, invalid: 'InvalidNextToken' }
    const { items, next } = page(found, asked)
    return {
      AlarmMuteRuleSummaries: items.map((rule) => this.#summary(rule)),
      ...(next && { NextToken: next }),
    }
  }

  #summary(rule: MuteRule) {
    return {
      AlarmMuteRuleArn: rule.arn,
      ...(rule.input.ExpireDate && { ExpireDate: rule.input.ExpireDate }),
      Status: this.#statusOf(rule),
      MuteType: rule.expression.kind === 'at' ? 'ONE_TIME' : 'RECURRING',
      LastUpdatedTimestamp: rule.updatedAt,
    }
  }

  #statusOf(rule: MuteRule): AlarmMuteRuleStatus {
    const { now } = this.#aws.world
    if (windowOf(rule, now) !== undefined) return 'ACTIVE'
    const next = nextOf(rule, Math.max(now, rule.start - 1))
    return next === undefined || next >= rule.end ? 'EXPIRED' : 'SCHEDULED'
  }
}

const nextOf = ({ expression, zone, start }: MuteRule, after: number): number | undefined =>
  nextInstant(expression, after, { since: start, zone })

/** The window that is open at `now`: the last that began by then and is not over. */
function windowOf(rule: MuteRule, now: number): Mute | undefined {
  let open: Mute | undefined
  let at = nextOf(rule, Math.max(now - rule.duration, rule.start - 1))
  while (at !== undefined && at <= now && at < rule.end) {
    open = { arn: rule.arn, start: at, end: Math.min(at + rule.duration, rule.end) }
    at = nextOf(rule, at)
  }
  return open !== undefined && open.end > now ? open : undefined
}

const invalid = (message: string) => new AwsError('ValidationError', message)

function read(aws: Aws, input: PutAlarmMuteRuleInput, before: MuteRule | undefined): MuteRule {
  onlyMembers('cloudwatch:PutAlarmMuteRule', input, [
    'Name',
    'Description',
    'Rule',
    'MuteTargets',
    'Tags',
    'StartDate',
    'ExpireDate',
  ])
  const { Name: name = '', Rule, MuteTargets, StartDate, ExpireDate } = input
  const { Expression = '', Duration = '', Timezone = 'UTC' } = Rule?.Schedule ?? {}
  const alarms = MuteTargets?.AlarmNames ?? []
  const expression = readExpression(seconds(Expression))
  const duration = durationOf(Duration)
  if (name === '') throw invalid('Name is required.')
  if (expression === undefined || expression.kind === 'rate') {
    throw invalid(`Invalid schedule expression: ${Expression}`)
  }
  if (duration === undefined || duration < MINUTE || duration > 15 * DAY) {
    throw invalid(`Duration must be between PT1M and P15D, not ${Duration}`)
  }
  if (!isTimeZone(Timezone)) throw invalid(`Invalid time zone: ${Timezone}`)
  if (alarms.length > MOST_ALARMS) throw invalid(`At most ${MOST_ALARMS} alarms can be muted.`)
  return {
    name,
    arn: aws.arn('cloudwatch', `alarm-mute-rule:${name}`),
    input,
    expression,
    duration,
    zone: Timezone,
    alarms,
    start: StartDate?.getTime() ?? 0,
    end: ExpireDate?.getTime() ?? Number.POSITIVE_INFINITY,
    updatedAt: aws.world.date,
    tags: before?.tags ?? tagsFrom(input.Tags),
  }
}

/** Here expressions have minutes: `at(2026-03-02T09:00)`, `cron(0 9 * * *)` without a year. */
function seconds(expression: string): string {
  const [, fields] = /^cron\((\S+ \S+ \S+ \S+ \S+)\)$/.exec(expression) ?? []
  if (fields === undefined) return expression.replace(/^(at\(.{16})\)$/, '$1:00)')
  const [minute, hour, day, month, weekday = '*'] = fields.split(' ')
  // One of the two kinds of day has to be `?`, and weekdays count from Sunday as 1.
  const days = weekday.replace(/\d/g, (one) => String((Number(one) % 7) + 1))
  const [ofMonth, ofWeek] = weekday === '*' ? [day, '?'] : ['?', days]
  return `cron(${minute} ${hour} ${ofMonth} ${month} ${ofWeek} *)`
}

/** `PT2H30M`, `P1DT12H` in milliseconds. https://en.wikipedia.org/wiki/ISO_8601#Durations */
function durationOf(text: string): number | undefined {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text)
  if (parts === null || text === 'P' || text.endsWith('T')) return undefined
  const [days = 0, hours = 0, minutes = 0] = parts.slice(1).map((part) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * MINUTE
}

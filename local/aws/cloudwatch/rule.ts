import type { StateValue } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../errors.ts'

/** The rule of a composite alarm. */
export type AlarmRule = {
  text: string
  /** The alarms it depends on, by name. */
  alarms: readonly string[]
  holds(stateOf: (alarm: string) => StateValue | undefined): boolean
}

type Term = AlarmRule['holds']

const WORDS = /"[^"]*"|[()]|[^\s()"]+/g

/**
 * Reads `ALARM("a") AND (NOT OK(b) OR TRUE)`. NOT binds tightest, then AND, then OR.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 *
 * @throws AwsError ValidationError
 */
export function parseRule(text: string): AlarmRule {
  const words = text.match(WORDS) ?? []
  const alarms = new Set<string>()
  const invalid = () => new AwsError('ValidationError', `AlarmRule is not valid: ${text}`)
  const take = (word: string) => words[0]?.toUpperCase() === word && words.shift() !== undefined
  const expect = (word: string) => {
    if (words.shift() !== word) throw invalid()
  }

  const any = (): Term => {
    const terms = [all()]
    while (take('OR')) terms.push(all())
    return (stateOf) => terms.some((term) => term(stateOf))
  }
  const all = (): Term => {
    const terms = [one()]
    while (take('AND')) terms.push(one())
    return (stateOf) => terms.every((term) => term(stateOf))
  }
  const one = (): Term => {
    const word = words.shift()?.toUpperCase()
    if (word === 'NOT') return not(one())
    if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE'
    if (word === '(') {
      const inner = any()
      expect(')')
      return inner
    }
    if (word !== 'ALARM' && word !== 'OK' && word !== 'INSUFFICIENT_DATA') throw invalid()
    expect('(')
    const alarm = nameOf(words.shift() ?? '')
    expect(')')
    alarms.add(alarm)
    return (stateOf) => stateOf(alarm) === word
  }

  const holds = any()
  if (words.length > 0) throw invalid()
  return { text, alarms: [...alarms], holds }
}

const not =
  (term: Term): Term =>
  (stateOf) =>
    !term(stateOf)

/** A name, quoted or not, or an ARN. */
export const nameOf = (word: string): string =>
  word.replaceAll('"', '').split(':alarm:').at(-1) ?? ''

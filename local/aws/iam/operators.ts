import { cidrContains, parseCidr } from '../cidr.ts'
import { matchesArn, matchesWildcard } from './wildcard.ts'

/** Whether a value of the request is what one value of the policy asks for. */
type Comparison = (actual: string, wanted: string) => boolean

export type Operator = {
  compare: Comparison
  /** `StringNotEquals` and its like: true when no wanted value matches, and without a value. */
  negated: boolean
}

const is = (compare: Comparison): Operator => ({ compare, negated: false })
const isNot = (compare: Comparison): Operator => ({ compare, negated: true })

const equals: Comparison = (actual, wanted) => actual === wanted.replace(/\$\{([*?$])\}/g, '$1')
const sameText: Comparison = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase()
const like: Comparison = (actual, wanted) => matchesWildcard(wanted, actual)
/** `ArnEquals` and `ArnLike` behave alike. */
const arnLike: Comparison = (actual, wanted) => matchesArn(wanted, actual)
const inRange: Comparison = (actual, wanted) => {
  const range = parseCidr(wanted.includes('/') ? wanted : `${wanted}/32`)
  return range !== undefined && cidrContains(range, actual)
}

const numbers =
  (compare: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(Number(actual), Number(wanted))

/** ISO 8601, or seconds since the epoch. */
const instant = (text: string): number =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)

const dates =
  (compare: (actual: number, wanted: number) => boolean): Comparison =>
  (actual, wanted) =>
    compare(instant(actual), instant(wanted))

const same = (actual: number, wanted: number) => actual === wanted
const less = (actual: number, wanted: number) => actual < wanted
const atMost = (actual: number, wanted: number) => actual <= wanted
const more = (actual: number, wanted: number) => actual > wanted
const atLeast = (actual: number, wanted: number) => actual >= wanted

/**
 * The condition operators. `Null` is not one of them: it asks for no value. `BinaryEquals` is
 * missing because no key here is binary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: is(equals),
  StringNotEquals: isNot(equals),
  StringEqualsIgnoreCase: is(sameText),
  StringNotEqualsIgnoreCase: isNot(sameText),
  StringLike: is(like),
  StringNotLike: isNot(like),
  ArnEquals: is(arnLike),
  ArnLike: is(arnLike),
  ArnNotEquals: isNot(arnLike),
  ArnNotLike: isNot(arnLike),
  NumericEquals: is(numbers(same)),
  NumericNotEquals: isNot(numbers(same)),
  NumericLessThan: is(numbers(less)),
  NumericLessThanEquals: is(numbers(atMost)),
  NumericGreaterThan: is(numbers(more)),
  NumericGreaterThanEquals: is(numbers(atLeast)),
  DateEquals: is(dates(same)),
  DateNotEquals: isNot(dates(same)),
  DateLessThan: is(dates(less)),
  DateLessThanEquals: is(dates(atMost)),
  DateGreaterThan: is(dates(more)),
  DateGreaterThanEquals: is(dates(atLeast)),
  Bool: is(sameText),
  IpAddress: is(inRange),
  NotIpAddress: isNot(inRange),
}

import * as z from 'zod'
import { isTimeZone } from '../domain/say-time.ts'
import { idleOf, WINDOWS } from '../domain/sleep/idle.ts'

/**
 * The kinds of value that both kinds of catalog file have. The description of a field is what an error
 * shows as allowed and what an editor shows as help, so it names the allowed values.
 */

/**
 * Names become parts of AWS names. A role, a rule and a schedule may have 64 characters, of which
 * the environment's name and what they are for need up to 31; an ECR repository must have two.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
 */
export const SERVICE_NAME = z
  .string()
  .regex(/^[a-z](-?[a-z0-9])+$/)
  .max(32)
  .describe('2 to 32 lower-case letters, digits and single hyphens, a letter first')

export const ENVIRONMENT_NAME = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,9}$/)
  .describe('2 to 10 lower-case letters and digits, a letter first')

/** A key in `teams`, `schedules` and `calendars`; it becomes the value of a tag. */
export const LABEL = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .describe('lower-case letters, digits and hyphens, a letter first')

export const TIME_ZONE = z
  .string()
  .refine(isTimeZone)
  .describe('an IANA time zone, such as Europe/Berlin or UTC')

/** What ECS takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html */
export const VARIABLE_NAME = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/)
  .describe('letters, digits, _, . and -, a letter or _ first, such as LOG_LEVEL')

/** Without use for so long something sleeps; the value of a tag. */
export const IDLE = z
  .string()
  .refine((text) => typeof idleOf(text) !== 'object')
  .describe(WINDOWS)

/** US dollars a month, as AWS bills. */
export const MONTHLY_BUDGET = z
  .number()
  .positive()
  .max(1_000_000)
  .describe('US dollars a month, up to 1000000')

/** US dollars a month, above which budgets that act put to sleep; never below the budget itself. */
export const CEILING = MONTHLY_BUDGET.describe(
  'US dollars a month, at least the budget (120 % of it when absent)',
)

import type { ActionConfiguration } from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../errors.ts'
import type { Tags } from '../tags.ts'
import type { Alarm } from './alarm.ts'

/**
 * The tags that an alarm sends with its events and to its actions; none unless it was asked to.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-tags-in-notifications.html
 */
export function propagatedTags({ tags, actionConfiguration }: Alarm): Tags | undefined {
  const {
    Enabled,
    IncludedTagKeys,
    ExcludedTagKeys = [],
  } = actionConfiguration?.AlarmTagsPropagation ?? {}
  if (Enabled !== true) return undefined
  const sent = Object.entries(tags).filter(
    ([key]) =>
      !key.startsWith('aws:') &&
      !ExcludedTagKeys.includes(key) &&
      (IncludedTagKeys?.includes(key) ?? true),
  )
  return Object.fromEntries(sent)
}

/** As events and functions are given them. */
export function eventTags(alarm: Alarm) {
  const tags = propagatedTags(alarm)
  return tags === undefined ? {} : { alarmTags: tags, alarmTagsStatus: 'SUCCESS' }
}

/** @throws AwsError ValidationError */
export function checkActionConfiguration(given: ActionConfiguration | undefined): void {
  const { IncludedTagKeys, ExcludedTagKeys } = given?.AlarmTagsPropagation ?? {}
  if (IncludedTagKeys === undefined || ExcludedTagKeys === undefined) return
  throw new AwsError(
    'ValidationError',
    "You can't specify both IncludedTagKeys and ExcludedTagKeys.",
  )
}

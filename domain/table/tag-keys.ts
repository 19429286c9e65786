type Key = { pk: string; sk: string }

/** The partition of everything that is kept of what is watched for its tags. */
export const TAG_CASES = 'tags'
export const TAG_CASE = 'tag-case#'
export const STACK_MAKER = 'stack-maker#'
export const CI_SESSION = 'ci-session#'
export const TAG_NOTICE = 'tag-notice#'
export const TAG_REPORT = 'tag-report#'

/** @param id of the resource: `domain/tagging/resource.ts`. */
export const tagCaseKey = (id: string): Key => ({ pk: TAG_CASES, sk: `${TAG_CASE}${id}` })
/** Between these sort keys lie all cases. */
export const TAG_CASES_BETWEEN = [TAG_CASE, `${TAG_CASE}\uffff`] as const
export const stackMakerKey = (stack: string): Key => ({
  pk: TAG_CASES,
  sk: `${STACK_MAKER}${stack}`,
})
/** Between these sort keys lie all makers of stacks. */
export const STACK_MAKERS_BETWEEN = [STACK_MAKER, `${STACK_MAKER}\uffff`] as const
/** @param key the id of its access key. */
export const ciSessionKey = (key: string): Key => ({ pk: TAG_CASES, sk: `${CI_SESSION}${key}` })
export const tagStateKey: Key = { pk: TAG_CASES, sk: 'state' }
/** @param about one resource since a time, or a day on which several were told of. */
export const tagNoticeKey = (team: string, step: string, about: string): Key => ({
  pk: `${TAG_NOTICE}${team}`,
  sk: `${TAG_NOTICE}${step}#${about}`,
})
/** @param day in the environment's time zone: `2026-03-02`. */
export const tagReportKey = (team: string, day: string): Key => ({
  pk: `${TAG_REPORT}${team}`,
  sk: `${TAG_REPORT}${day}`,
})

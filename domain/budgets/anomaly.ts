import * as z from 'zod/mini'
import { cut } from '../text.ts'

/** What a part of an anomaly is: an AWS service, where, what of it, and its share in US dollars. */
export type Cause = { service: string; where: string; usage: string; usd?: number }

/** What AWS finds unusual in costs, as far as it can be read. */
export type Anomaly = {
  id: string
  /** What was watched: a value of a tag, or an AWS service. */
  value: string
  /** US dollars above what was expected; both are absent where AWS does not say them. */
  usd?: number
  spent?: number
  expected?: number
  /** `2026-03-09`: the first day and the last. */
  from: string
  to: string
  causes: Cause[]
  /** The page of it in AWS's console. */
  link?: string
}

/** Longer is no anomaly; AWS's own example has 1,200. */
const CHARACTERS = 50_000
const [ID, NAME, CAUSES] = [200, 100, 5]
const PAGE =
  /^https:\/\/([a-z0-9-]+\.)*console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)\//

const word = z._default(z.string(), '')
const usd = z.optional(z.number())
/** Loose, and only its id is needed: AWS adds fields, and leaves out what it does not know. */
const message = z.looseObject({
  anomalyId: z.string().check(z.minLength(1)),
  dimensionalValue: word,
  anomalyStartDate: word,
  anomalyEndDate: word,
  anomalyDetailsLink: word,
  impact: z._default(
    z.looseObject({ totalImpact: usd, totalActualSpend: usd, totalExpectedSpend: usd }),
    {},
  ),
  rootCauses: z._default(
    z.array(
      z.looseObject({
        ...{ service: word, region: word, usageType: word },
        ...{ linkedAccount: word, linkedAccountName: word },
        impact: z.optional(z.looseObject({ contribution: usd })),
      }),
    ),
    [],
  ),
})

/**
 * Reads what Cost Anomaly Detection sends to a topic.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html#view-ad-monitor
 *
 * @returns undefined for anything else: an alert of AWS Budgets comes to the same topic.
 */
export function readAnomaly(text: string): Anomaly | undefined {
  const found = message.safeParse(parsed(text.slice(0, CHARACTERS)))
  if (!found.success) return undefined
  const { impact, rootCauses, ...one } = found.data
  const { totalImpact, totalActualSpend, totalExpectedSpend } = impact
  return {
    id: cut(one.anomalyId, ID),
    value: cut(one.dimensionalValue, NAME),
    ...(totalImpact !== undefined && { usd: totalImpact }),
    ...(totalActualSpend !== undefined && { spent: totalActualSpend }),
    ...(totalExpectedSpend !== undefined && { expected: totalExpectedSpend }),
    from: dayOf(one.anomalyStartDate),
    to: dayOf(one.anomalyEndDate),
    causes: rootCauses.slice(0, CAUSES).map(causeOf),
    ...(PAGE.test(one.anomalyDetailsLink) && { link: cut(one.anomalyDetailsLink, 500) }),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Root = z.output<typeof message>['rootCauses'][number]

const causeOf = ({ service, region, usageType, linkedAccount, ...one }: Root): Cause => ({
  service: cut(service, NAME),
  where: cut([region, one.linkedAccountName || linkedAccount].filter(Boolean).join(', '), NAME),
  usage: cut(usageType, NAME),
  ...(one.impact?.contribution !== undefined && { usd: one.impact.contribution }),
})

const dayOf = (instant: string): string => /^\d{4}-\d{2}-\d{2}/.exec(instant)?.[0] ?? ''

/**
 * The team whose costs an anomaly is about: the value of its tag, which AWS may write with the key
 * before it, as Cost Explorer does (`caretaker:owner$ordering`).
 *
 * @returns undefined where it is about no team that the catalog has.
 */
export function teamOf(
  { teams }: { teams: Readonly<Record<string, unknown>> },
  { value }: Anomaly,
): string | undefined {
  const name = value.slice(value.indexOf('$') + 1)
  return Object.hasOwn(teams, name) ? name : undefined
}

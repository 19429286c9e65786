import type {
  Anomaly,
  AnomalyMonitor,
  AnomalySubscription,
  Impact,
  RootCause,
} from '@aws-sdk/client-cost-explorer'
import type { Aws } from '../aws.ts'
import { NotImplemented } from '../errors.ts'

/** What is unusual so far: in whose tag, in which AWS service; US dollars above the expected. */
export type Unusual = { team?: string | undefined; service: string; usd: number; expected: number }

/** An anomaly with what every one has. */
export type Found = Anomaly & {
  AnomalyId: string
  MonitorArn: string
  Impact: Impact
  RootCauses: RootCause[]
}

/** The value of a monitor's dimension that something unusual has; undefined where it sees nothing of it. */
export function valueSeen(one: AnomalyMonitor, { team, service }: Unusual): string | undefined {
  if (one.MonitorDimension === 'SERVICE') return service
  const { Key, Values } = one.MonitorSpecification?.Tags ?? {}
  if (Key !== 'caretaker:owner' || team === undefined) return undefined
  return Values === undefined || Values.includes(team) ? team : undefined
}

export function figuresOf({ service, usd, expected }: Unusual, { account, region }: Aws) {
  return {
    Impact: {
      ...{ MaxImpact: usd, TotalImpact: usd, TotalExpectedSpend: expected },
      TotalActualSpend: expected + usd,
      ...(expected > 0 && { TotalImpactPercentage: Math.round((10_000 * usd) / expected) / 100 }),
    },
    RootCauses: [
      {
        ...{ Service: service, Region: region, UsageType: 'Usage' },
        ...{ LinkedAccount: account, LinkedAccountName: 'local', Impact: { Contribution: usd } },
      },
    ],
  }
}

/** Whether a subscription tells of it. One threshold in US dollars is known; others are refused. */
export function isAbove({ ThresholdExpression: asked }: AnomalySubscription, { Impact }: Found) {
  if (asked === undefined) return true
  const { Key, Values: [least] = [] } = asked.Dimensions ?? {}
  if (Key !== 'ANOMALY_TOTAL_IMPACT_ABSOLUTE') {
    throw new NotImplemented('other thresholds than ANOMALY_TOTAL_IMPACT_ABSOLUTE')
  }
  return (Impact.TotalImpact ?? 0) >= Number(least)
}

const PAGE = 'https://console.aws.amazon.com/cost-management/home#/anomaly-detection/monitors'
const idOf = (arn = ''): string => arn.split('/').at(-1) ?? ''

/**
 * What is sent to a topic, as AWS documents it.
 * https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html#view-ad-monitor
 */
export function messageOf(anomaly: Found, subscription: AnomalySubscription) {
  const { AnomalyId, MonitorArn, RootCauses } = anomaly
  return {
    accountId: subscription.AccountId,
    anomalyDetailsLink: `${PAGE}/${idOf(MonitorArn)}/anomalies/${AnomalyId}`,
    anomalyEndDate: anomaly.AnomalyEndDate,
    anomalyId: AnomalyId,
    anomalyScore: lower(anomaly.AnomalyScore),
    anomalyStartDate: anomaly.AnomalyStartDate,
    dimensionalValue: anomaly.DimensionValue,
    impact: lower(anomaly.Impact),
    monitorArn: MonitorArn,
    rootCauses: RootCauses.map(({ Impact, ...one }) => ({ ...lower(one), impact: lower(Impact) })),
    subscriptionId: idOf(subscription.SubscriptionArn),
    subscriptionName: subscription.SubscriptionName,
  }
}

/** Members as messages call them: `TotalImpact` is `totalImpact` there. */
const lower = (members: object = {}): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name[0]?.toLowerCase() + name.slice(1), value]),
  )

import { BudgetsClient } from '@aws-sdk/client-budgets'
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECSClient } from '@aws-sdk/client-ecs'
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api'
import { SFNClient } from '@aws-sdk/client-sfn'
import type * as z from 'zod/mini'
import { readAnomaly } from '../../domain/budgets/anomaly.ts'
import { readAlert } from '../../domain/budgets/notice.ts'
import { lambda, type Tools } from '../shared/handler.ts'
import { listSleeping, type Sleeping } from '../shared/sleep/listed.ts'
import { startMachine } from '../shared/start.ts'
import { tellAnomaly } from './anomalies.ts'
import { environment, event } from './contract.ts'
import { letGo } from './let-go.ts'
import { lookAt } from './look.ts'
import type { Looking } from './looking.ts'
import { readFigures } from './read.ts'

/**
 * Looks at the catalog's budgets: every six hours, and when AWS sends an alert. The alert only says that
 * it is time to look; what is true is what `DescribeBudgets` says then.
 */
export const handler = lambda({
  name: 'keep-budgets',
  environment,
  event,
  async run(input, tools) {
    const { client, environment: own, log, catalog } = tools
    const messages = 'Records' in input ? input.Records.map(({ Sns }) => Sns.Message) : []
    const { features, budgets } = catalog()
    const looking = lookingOf(tools)
    await hear(looking, messages)
    await letGo(looking)
    if (features.budgets === 'off' || budgets.length === 0) {
      return { done: 'nothing', because: features.budgets === 'off' ? 'budgets are off' : 'none' }
    }
    const figures = await readFigures(client(BudgetsClient), own.ACCOUNT_ID, budgets)
    const done = []
    for (const budget of budgets) {
      const figure = figures.get(budget.name)
      // What was not read is unknown, and stands still.
      if (figure === undefined) done.push({ name: budget.name, news: ['not read'] })
      else done.push(await lookAt(looking, budget, figure))
    }
    log.info('decided', { done })
    return { done }
  },
})

/** Anomalies are told as AWS says them; an alert is only a reason to look. */
async function hear(looking: Looking, messages: readonly string[]): Promise<void> {
  const { catalog, log } = looking
  for (const message of messages) {
    const anomaly = readAnomaly(message)
    log.info('told', anomaly === undefined ? { alert: readAlert(message) } : { anomaly })
    if (anomaly === undefined || catalog.features.budgets === 'off') continue
    await tellAnomaly(looking, anomaly)
  }
}

/** What can sleep is read once, and only where a budget asks for it. */
function lookingOf({ client, environment, log, now, catalog, newId }: Own): Looking {
  const table = { client: client(DynamoDBClient), name: environment.TABLE_NAME }
  const sources = { table, tagging: client(ResourceGroupsTaggingAPIClient), ecs: client(ECSClient) }
  const failed = (resource: string, error: unknown) =>
    log.warn('it cannot be read, and is left alone', { resource, error })
  let sleeping: Promise<Sleeping> | undefined
  return {
    ...{ table, log, now, catalog: catalog(), costs: client(CostExplorerClient) },
    sleeping: () => {
      sleeping ??= listSleeping(sources, catalog().environment, failed)
      return sleeping
    },
    moveSleepers: (why) =>
      startMachine(client(SFNClient), environment.SLEEP_MACHINE, { why }, `budget-${newId()}`),
  }
}

type Own = Tools<z.output<typeof environment>>

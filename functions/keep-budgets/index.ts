import { BudgetsClient } from '@aws-sdk/client-budgets'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { readAlert } from '../../domain/budgets/notice.ts'
import { lambda } from '../shared/handler.ts'
import { environment, event } from './contract.ts'
import { lookAt } from './look.ts'
import { readFigures } from './read.ts'

/**
 * Looks at the catalog's budgets: once a day, and when AWS sends an alert. The alert only says that
 * it is time to look; what is true is what `DescribeBudgets` says then.
 */
export const handler = lambda({
  name: 'keep-budgets',
  environment,
  event,
  async run(input, { client, environment: { TABLE_NAME, ACCOUNT_ID }, log, now, catalog }) {
    if ('Records' in input) {
      log.info('told', { alerts: input.Records.map(({ Sns }) => readAlert(Sns.Message)) })
    }
    const { features, budgets } = catalog()
    if (features.budgets === 'off' || budgets.length === 0) {
      return { done: 'nothing', because: features.budgets === 'off' ? 'budgets are off' : 'none' }
    }
    const figures = await readFigures(client(BudgetsClient), ACCOUNT_ID, budgets)
    const table = { client: client(DynamoDBClient), name: TABLE_NAME }
    const done = []
    for (const budget of budgets) {
      const figure = figures.get(budget.name)
      // What was not read is unknown, and stands still.
      if (figure === undefined) done.push({ name: budget.name, news: ['not read'] })
      else done.push(await lookAt({ table, catalog: catalog(), now }, budget, figure))
    }
    log.info('decided', { done })
    return { done }
  },
})

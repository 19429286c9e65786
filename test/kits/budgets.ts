import { readFileSync } from 'node:fs'
import { Budgets } from '../../local/aws/budgets/budgets.ts'
import { catalogOf, type Files } from './catalog.ts'
import { itemsOfKind } from './items.ts'
import { Stage } from './roll-outs.ts'

const MAILER = { 'services/mailer.yaml': 'kind: worker\nteam: ordering\nschedule: office-hours\n' }

/** The repository's environment with services of `ordering`, whose budget is $250 a month. */
export function budgetCatalog(
  level: Level,
  { services = MAILER, of = (text: string) => text } = {} as Options,
): string {
  const environment = `${readFileSync('catalog/environment.yaml', 'utf8')}
parts: { bastion: false }
features: { sleep: act, health: off, tags: off, budgets: ${level} }
`
  return catalogOf({ 'environment.yaml': of(environment), ...services })
}

type Level = 'off' | 'tell' | 'act'
type Options = { services?: Files; of?: (environment: string) => string }

/** What billing shows, and what people are told of it. */
export class BudgetWorld {
  readonly stage: Stage

  constructor(stage: Stage) {
    this.stage = stage
  }

  static async open(level: Level, start: Date, options: Options = {}) {
    return new BudgetWorld(await Stage.open({ catalog: budgetCatalog(level, options), start }))
  }

  get budgets(): Budgets {
    return this.stage.simulation.aws.the(Budgets)
  }

  /** Billing shows it, and ten minutes pass. */
  async spend(usd: number, team?: string) {
    for (const name of this.budgets.namesFor(team)) this.budgets.spend(name, { usd })
    await this.stage.minutes(10)
  }

  /** Without an alert: as though the budget were looked at in this minute. */
  async look() {
    await this.stage.call('lambda', 'Invoke', {
      FunctionName: 'dev-keep-budgets',
      InvocationType: 'Event',
      Payload: new TextEncoder().encode('{"look":"now"}'),
    })
    await this.stage.minutes(1)
  }

  /** Somebody raises the limit in AWS; a quarter of an hour passes. */
  async raise(team: string, usd: number) {
    for (const BudgetName of this.budgets.namesFor(team)) {
      await this.stage.call('budgets', 'UpdateBudget', {
        AccountId: '123456789012',
        NewBudget: {
          ...{ BudgetName, BudgetType: 'COST', TimeUnit: 'MONTHLY' },
          BudgetLimit: { Amount: String(usd), Unit: 'USD' },
        },
      })
    }
    await this.look()
    await this.stage.minutes(14)
  }

  async alert(Message: string) {
    const TopicArn = this.stage.simulation.aws.arn('sns', 'dev-budgets')
    await this.stage.call('sns', 'Publish', { TopicArn, Message })
    await this.stage.minutes(1)
  }

  messages(channel = '#ordering') {
    return this.stage.simulation.slack.messages
      .filter(
        (one) =>
          one.channel === channel &&
          /spent|budget|month is|month has|figures|more than AWS expected/.test(one.text),
      )
      .map(({ text }) => text)
  }

  get state() {
    return itemsOfKind(this.stage.simulation, 'budget-state').find(({ name }) =>
      String(name).startsWith('dev-ordering'),
    )
  }
}

import { given, nameFrom, type Properties, standIn, type TypeTable } from '../resource-type.ts'

const KEYS = 'Nothing is written to a disk.'
const COST = 'What things cost is told by a scenario, not reckoned from a bill.'
const VIEW = 'It is for people who look at the real account.'

const MONITOR = ['MonitorName', 'MonitorType', 'MonitorDimension', 'MonitorSpecification']
const SUBSCRIPTION = [
  ...['SubscriptionName', 'Frequency', 'MonitorArnList', 'Subscribers', 'ThresholdExpression'],
]

/** Templates have expressions as JSON text, the API as what they are. */
const parsed = (text: unknown): unknown =>
  text === undefined ? undefined : (JSON.parse(String(text)) as unknown)

const subscription = (properties: Properties) =>
  given({ ...properties, ThresholdExpression: parsed(properties.ThresholdExpression) })

/** What watches over an account. */
export const MANAGEMENT: TypeTable = {
  'AWS::KMS::Key': standIn(
    KEYS,
    (context) => context.uuid(),
    ({ ref, context }) => ({ KeyId: ref, Arn: context.aws.arn('kms', `key/${ref}`) }),
  ),
  'AWS::KMS::Alias': standIn(KEYS, (_, { AliasName }) => String(AliasName)),
  'AWS::Budgets::Budget': {
    effect: ['Budget', 'NotificationsWithSubscribers', 'ResourceTags'],
    replacedBy: ['NotificationsWithSubscribers'],
    create: async (context, properties) => {
      const budget = properties.Budget as Properties
      const ref = context.name(budget.BudgetName, { most: 100 })
      const Budget = { ...budget, BudgetName: ref }
      const AccountId = context.aws.account
      await context.call('budgets', 'CreateBudget', { ...properties, AccountId, Budget })
      return { ref }
    },
    update: async (context, { Budget }, { ref }) => {
      const NewBudget = { ...(Budget as Properties), BudgetName: ref }
      const AccountId = context.aws.account
      await context.call('budgets', 'UpdateBudget', { AccountId, NewBudget })
    },
    delete: (context, { ref: BudgetName }) =>
      context.call('budgets', 'DeleteBudget', { AccountId: context.aws.account, BudgetName }),
  },
  'AWS::Budgets::BudgetsAction': standIn(
    COST,
    (context) => context.uuid(),
    ({ ref }) => ({ ActionId: ref }),
  ),
  'AWS::CE::AnomalyMonitor': {
    effect: [...MONITOR, 'ResourceTags'],
    replacedBy: ['MonitorType', 'MonitorDimension', 'MonitorSpecification', 'ResourceTags'],
    create: async (context, { ResourceTags, ...properties }) => {
      const AnomalyMonitor = given({
        ...properties,
        MonitorSpecification: parsed(properties.MonitorSpecification),
      })
      const input = { AnomalyMonitor, ...given({ ResourceTags }) }
      const { MonitorArn: ref } = await context.call<{ MonitorArn: string }>(
        ...(['cost-explorer', 'CreateAnomalyMonitor', input] as const),
      )
      return { ref, attributes: { MonitorArn: ref } }
    },
    update: async (context, { MonitorName }, { ref: MonitorArn }) => {
      await context.call('cost-explorer', 'UpdateAnomalyMonitor', { MonitorArn, MonitorName })
    },
    delete: (context, { ref: MonitorArn }) =>
      context.call('cost-explorer', 'DeleteAnomalyMonitor', { MonitorArn }),
  },
  'AWS::CE::AnomalySubscription': {
    effect: [...SUBSCRIPTION, 'ResourceTags'],
    replacedBy: ['ResourceTags'],
    create: async (context, { ResourceTags, ...properties }) => {
      const input = { AnomalySubscription: subscription(properties), ...given({ ResourceTags }) }
      const { SubscriptionArn: ref } = await context.call<{ SubscriptionArn: string }>(
        ...(['cost-explorer', 'CreateAnomalySubscription', input] as const),
      )
      return { ref, attributes: { SubscriptionArn: ref } }
    },
    update: async (context, { ResourceTags: _, ...properties }, { ref: SubscriptionArn }) => {
      const change = { ...subscription(properties), SubscriptionArn }
      await context.call('cost-explorer', 'UpdateAnomalySubscription', change)
    },
    delete: (context, { ref: SubscriptionArn }) =>
      context.call('cost-explorer', 'DeleteAnomalySubscription', { SubscriptionArn }),
  },
  'AWS::APS::Workspace': standIn(
    VIEW,
    (context) => context.aws.arn('aps', `workspace/ws-${context.uuid()}`),
    ({ ref, context }) => {
      const WorkspaceId = ref.split('/').at(-1)
      const host = `aps-workspaces.${context.aws.region}.amazonaws.com`
      const PrometheusEndpoint = `https://${host}/workspaces/${WorkspaceId}/`
      return { Arn: ref, WorkspaceId, PrometheusEndpoint }
    },
  ),
  'AWS::APS::RuleGroupsNamespace': standIn(VIEW, (context, { Name }) =>
    context.aws.arn('aps', `rulegroupsnamespace/${context.name(Name)}`),
  ),
  'AWS::APS::Scraper': standIn(
    VIEW,
    (context) => context.aws.arn('aps', `scraper/s-${context.uuid()}`),
    ({ ref }) => ({ Arn: ref, ScraperId: ref.split('/').at(-1) }),
  ),
  'AWS::Grafana::Workspace': standIn(
    VIEW,
    (context) => `g-${context.hex(10)}`,
    ({ ref, context }) => ({
      Id: ref,
      Endpoint: `${ref}.grafana-workspace.${context.aws.region}.amazonaws.com`,
      GrafanaVersion: '10.4',
      Status: 'ACTIVE',
    }),
  ),
  'AWS::ResourceGroups::Group': standIn(VIEW, nameFrom('Name'), ({ ref, context }) => ({
    Arn: context.aws.arn('resource-groups', `group/${ref}`),
  })),
  'AWS::Logs::QueryDefinition': standIn(VIEW, (context) => context.uuid()),
  'AWS::CDK::Metadata': standIn('It tells AWS which constructs were used.', nameFrom('')),
}

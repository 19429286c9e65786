import { nameFrom, type Properties, standIn, type TypeTable } from '../resource-type.ts'

const KEYS = 'Nothing is written to a disk.'
const COST = 'What things cost is told by a scenario, not reckoned from a bill.'
const VIEW = 'It is for people who look at the real account.'

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
  'AWS::CE::AnomalyMonitor': standIn(
    COST,
    (context) => `arn:aws:ce::${context.aws.account}:anomalymonitor/${context.uuid()}`,
    ({ ref }) => ({ MonitorArn: ref }),
  ),
  'AWS::CE::AnomalySubscription': standIn(
    COST,
    (context) => `arn:aws:ce::${context.aws.account}:anomalysubscription/${context.uuid()}`,
    ({ ref }) => ({ SubscriptionArn: ref }),
  ),
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

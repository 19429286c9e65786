import { actsTheSameWithoutSlack } from '../../local/invariants/acts-the-same-without-slack.ts'
import type { Mutant } from './mutant.ts'

export const freezesWithoutSlack: Mutant = {
  name: 'nothing is rolled out while Slack takes no messages',
  file: 'functions/shared/roll-out/stored.ts',
  from: 'const [environment, ...items] = await getItems(table, [environmentKey, ...services.flatMap(each)])',
  to: "const [slack, ...items] = await getItems(table, [{ pk: 'slack', sk: 'state' }, ...services.flatMap(each)]); const environment = slack && { version: slack.version, frozen: { by: 'Slack' } }",
  finds: actsTheSameWithoutSlack,
  story: 'slackDown',
}

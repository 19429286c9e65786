import { sayGrown } from '../../../domain/budgets/say.ts'
import { AT_LIST_PRICE, sayUsd } from '../../../domain/ledger/say.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import {
  type BudgetPlan,
  type BudgetRecord,
  isStanding,
} from '../../../domain/table/budget-record.ts'
import { dotted, literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'
import { localized } from '../when.ts'

const NAME_CHARACTERS = 80
const WHY_CHARACTERS = 200

function headline({ verdict, subject, detail }: BudgetRecord): string {
  const name = `*${outside(subject, NAME_CHARACTERS)}*`
  const { spent, limit, catalogLimit, undone } = detail
  const share = `${Math.floor((100 * spent) / limit)} %`
  const so = `${sayUsd(spent)} of ${sayUsd(limit)} are spent this month, ${share}`
  if (undone === 'month') return `:white_check_mark: ${name}: a new month has begun`
  if (undone === 'off')
    return `:white_check_mark: ${name}: nobody looks at this budget any more, by the catalog`
  if (undone === 'raised') return `:white_check_mark: ${name}: the budget was raised`
  switch (verdict) {
    case 'near':
      return `:moneybag: ${name}: ${so}`
    case 'over':
      return `:octagonal_sign: ${name} is over its budget: ${so}`
    case 'sleeps':
    case 'asks':
      return `:zzz: ${name}: ${so}${monthEnds(detail.plan)}`
    case 'unknown':
      return `:grey_question: ${name}: no figures. Billing does not know \`caretaker:owner\` and \`caretaker:environment\` yet, or nothing was spent`
    case 'known':
      return `:white_check_mark: ${name}: billing counts now, ${so}`
    case 'differs':
      return `:moneybag: ${name}: the catalog says ${sayUsd(catalogLimit)} a month, AWS says ${sayUsd(limit)}`
  }
}

const priced = ({ name, usd }: { name: string; usd: number }): string =>
  `${outside(name, NAME_CHARACTERS)} ${sayUsd(usd)}`

const monthEnds = (plan: BudgetPlan | undefined): string =>
  plan === undefined
    ? ''
    : `. At today’s rate the month ends at ${sayUsd(plan.ends)}, above ${sayUsd(plan.ceiling)}`

/** What sleeps, or why nothing does. */
function planSentences(plan: BudgetPlan, says: Says, changedAt: string): string[] {
  const { sleeps, passed, from, until, ceiling, endsThen, because } = plan
  const named = sleeps.map(priced)
  const list = `${named.join(', ')} until the month is over`
  const more = endsThen > ceiling ? '; if that is still so at the next figure, more sleeps' : ''
  const then = `The month then ends at about ${sayUsd(endsThen)}${more}.`
  const kept = passed.map(
    ({ name, why }) =>
      `${outside(name, NAME_CHARACTERS)} (${outside(localized(why, says, changedAt), WHY_CHARACTERS)})`,
  )
  return [
    ...(from !== undefined && until !== undefined
      ? [
          `At ${dateAndTime(from, says.timeZone)} these sleep: ${list}, or the budget is raised. ${then}`,
          'Whoever keeps one of them awake goes before the budget.',
        ]
      : because === 'not-enough'
        ? [
            sleeps.length === 0
              ? 'Nothing that may sleep has a price, so nothing is put to sleep. Somebody has to decide.'
              : `All that may sleep saves too little, so nothing is put to sleep unasked: ${list}. Somebody has to decide.`,
          ]
        : [`These would be enough: ${list}. ${then} ${WHY_ASKED[because ?? 'asked']}`]),
    ...(kept.length === 0 ? [] : [`Not these: ${kept.join(', ')}.`]),
  ]
}

const WHY_ASKED = {
  tell: 'Nothing is put to sleep: `features.budgets` is not `act`.',
  'sleep-off': 'Nothing is put to sleep: `features.sleep` is not `act`.',
  asked: 'They sleep once somebody of the team says so.',
} as const

/** What a step says besides its headline. */
function stepSentences({ verdict, detail, subject }: BudgetRecord, says: Says): string[] {
  const { forecast, noForecast, frozenUntil, couldSleep, shared, plan, changedAt } = detail
  const each = couldSleep.map(priced)
  const name = outside(subject, NAME_CHARACTERS)
  const grew = sayGrown(detail.grown, (one) => outside(one, NAME_CHARACTERS))
  if (plan !== undefined) return [...planSentences(plan, says, changedAt), ...grew]
  return [
    typeof noForecast === 'string'
      ? `There is no forecast: ${noForecast}.`
      : typeof forecast === 'number'
        ? `AWS expects ${sayUsd(forecast)} by the end of the month.`
        : 'There is no forecast any more.',
    ...(verdict !== 'over'
      ? []
      : frozenUntil === undefined
        ? ['Nothing is held.']
        : [
            `Roll-outs of ${name} are held until ${dateAndTime(frozenUntil, says.timeZone)}, or until the budget is raised: pushes wait, and the newest is rolled out then. Going back is not held.`,
          ]),
    ...grew,
    ...(shared.length === 0
      ? []
      : [`What all share costs a day whatever sleeps: ${shared.map(priced).join(', ')}.`]),
    ...(each.length === 0 ? [] : [`What a day of each costs: ${each.join(', ')}.`]),
  ]
}

const OTHER: Partial<Record<BudgetRecord['verdict'], string>> = {
  unknown:
    'Whoever pays the account has to activate them as cost allocation tags; costs show about two days later. Until then this budget holds and undoes nothing.',
  differs:
    'What AWS says counts until the month is over, and deployments keep it; from then on the catalog’s does, whatever AWS says.',
}

function render(record: BudgetRecord, says: Says): Notice {
  const { verdict, detail, owner, endedAt } = record
  const other = OTHER[verdict]
  return {
    headline: headline(record),
    sentences: isStanding(verdict)
      ? endedAt === undefined
        ? stepSentences(record, says)
        : ['What the budget held is not held any more.']
      : other === undefined
        ? []
        : [other],
    footnote: dotted(
      `AWS’s figure last changed ${dateAndTime(detail.changedAt, says.timeZone)} ${says.timeZone} and can lack another day`,
      'credits, refunds and what carries no tags are not counted',
      (detail.couldSleep.length + detail.shared.length > 0 || detail.plan !== undefined) &&
        AT_LIST_PRICE,
      owner && `owner ${literal(owner)}`,
    ),
  }
}

/** A step of a budget, in Slack. */
export const budgetRenderer: Renderer<BudgetRecord> = {
  isTold: () => true,
  stands: ({ endedAt }) => endedAt === undefined,
  render,
}

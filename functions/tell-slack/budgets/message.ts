import { AT_LIST_PRICE, sayUsd } from '../../../domain/ledger/say.ts'
import { dateAndTime } from '../../../domain/local-time.ts'
import type { BudgetRecord } from '../../../domain/table/budget-record.ts'
import { literal, outside } from '../markup.ts'
import type { Notice, Says } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NAME_CHARACTERS = 80

function headline({ verdict, subject, detail }: BudgetRecord): string {
  const name = `*${outside(subject, NAME_CHARACTERS)}*`
  const { spent, limit, catalogLimit, undone } = detail
  const share = `${Math.floor((100 * spent) / limit)} %`
  const so = `${sayUsd(spent)} of ${sayUsd(limit)} are spent this month, ${share}`
  if (undone === 'month') return `:white_check_mark: ${name}: a new month has begun`
  if (undone === 'raised') return `:white_check_mark: ${name}: the budget was raised`
  switch (verdict) {
    case 'near':
      return `:moneybag: ${name}: ${so}`
    case 'over':
      return `:octagonal_sign: ${name} is over its budget: ${so}`
    case 'unknown':
      return `:grey_question: ${name}: no figures. Billing does not know \`caretaker:owner\` and \`caretaker:environment\` yet, or nothing was spent`
    case 'known':
      return `:white_check_mark: ${name}: billing counts now, ${so}`
    case 'differs':
      return `:moneybag: ${name}: the catalog says ${sayUsd(catalogLimit)} a month, AWS says ${sayUsd(limit)}`
  }
}

/** What a step says besides its headline. */
function stepSentences({ verdict, detail, subject }: BudgetRecord, says: Says): string[] {
  const { forecast, noForecast, frozenUntil, couldSleep } = detail
  const each = couldSleep.map(({ name, usd }) => `${outside(name, NAME_CHARACTERS)} ${sayUsd(usd)}`)
  const name = outside(subject, NAME_CHARACTERS)
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
    ...(each.length === 0 ? [] : [`What a day of each costs: ${each.join(', ')}.`]),
  ]
}

const OTHER: Partial<Record<BudgetRecord['verdict'], string>> = {
  unknown:
    'Whoever pays the account has to activate them as cost allocation tags; costs show about two days later. Until then this budget holds and undoes nothing.',
  differs: 'What AWS says counts. The next deployment of a changed budget sets the catalog’s.',
}

function render(record: BudgetRecord, says: Says): Notice {
  const { verdict, detail, owner, endedAt } = record
  const isStep = verdict === 'near' || verdict === 'over'
  const other = OTHER[verdict]
  return {
    headline: headline(record),
    sentences: isStep
      ? endedAt === undefined
        ? stepSentences(record, says)
        : ['What the budget held is not held any more.']
      : other === undefined
        ? []
        : [other],
    footnote: [
      `AWS’s figure last changed ${dateAndTime(detail.changedAt, says.timeZone)} ${says.timeZone} and can lack another day`,
      'credits, refunds and what carries no tags are not counted',
      detail.couldSleep.length > 0 && AT_LIST_PRICE,
      owner && `owner ${literal(owner)}`,
    ]
      .filter(Boolean)
      .join(' · '),
  }
}

/** A step of a budget, in Slack. */
export const budgetRenderer: Renderer<BudgetRecord> = {
  isTold: () => true,
  stands: ({ endedAt }) => endedAt === undefined,
  render,
}

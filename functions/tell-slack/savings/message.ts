import { AT_LIST_PRICE, sayHours, sayStays, sayUsd } from '../../../domain/ledger/say.ts'
import type { SavingsRecord } from '../../../domain/table/savings-record.ts'
import { outside } from '../markup.ts'
import type { Notice } from '../notice.ts'
import type { Renderer } from '../renderer.ts'

const NAME_CHARACTERS = 60

/** What sleep was worth to a team in a week. */
function render({ subject, detail }: SavingsRecord): Notice {
  const { monday, hours, usd, resources, more, unpriced, stays } = detail
  const name = (text: string) => outside(text, NAME_CHARACTERS)
  const each = resources.map((one) => {
    const money = one.usd === undefined ? 'its price is not known' : sayUsd(one.usd)
    return `${name(one.name)} ${sayHours(one.hours)}, ${money}`
  })
  const rest = more > 0 ? `; and ${more} more` : ''
  const unknown =
    unpriced.length === 0 ? [] : [`No price is known for ${unpriced.map(name).join(', ')}.`]
  return {
    headline: `:crescent_moon: *${name(subject)}* slept ${sayHours(hours)} in the week of ${monday}: ${sayUsd(usd)} not spent`,
    sentences: [
      `${each.join('; ')}${rest}.`,
      ...unknown,
      `The environment paid all the same: ${sayStays(stays)}.`,
    ],
    footnote: `${AT_LIST_PRICE} · \`savings ${name(subject)}\` says how this week stands`,
  }
}

/** A team's week, in Slack: told once, and over. */
export const savingsRenderer: Renderer<SavingsRecord> = {
  isTold: () => true,
  stands: () => false,
  render,
}

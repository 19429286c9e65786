import type { NightView, SavedView } from '../../view.ts'

type Props = { team: string; saved: SavedView[]; ahead: NightView | undefined }

/** What sleep is worth to this team, as the ledger has it. */
export function SavedPane({ team, saved, ahead }: Props) {
  const lineOf = ({ title, teams }: NightView, verb: string) => {
    const own = teams.find((one) => one.team === team)
    if (own === undefined) return `${title}: nothing of it ${verb}.`
    const { hours, usd, unpriced } = own
    const without = unpriced.length > 0 ? ` No price is known for ${unpriced.join(', ')}.` : ''
    return `${title}: ${hours} asleep, ${usd} not spent.${without}`
  }
  return (
    <section class="pane" aria-labelledby="saved">
      <h3 id="saved">Saved by sleep</h3>
      {ahead && <p>{lineOf(ahead, 'sleeps')}</p>}
      {saved.toReversed().map((week) => (
        <p key={week.title}>{lineOf(week, 'slept')}</p>
      ))}
      <p class="soft">
        All prices are list prices of us-east-1: Savings Plans, reservations and free tiers make
        them less.
      </p>
    </section>
  )
}

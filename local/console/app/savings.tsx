import type { NightView, SavedView } from '../view.ts'

type Given = { ahead: NightView | undefined; saved: SavedView[] }

/** What sleep is and was worth, by night, week and team, and what it cannot stop: a line that opens. */
export function Savings({ ahead, saved }: Given) {
  const [last] = saved
  if (last === undefined) return null
  return (
    <details id="savings">
      <summary>
        {ahead && (
          <>
            {ahead.title}: about {ahead.usd} not spent.{' '}
          </>
        )}
        {last.title}: {last.hours} asleep, {last.usd} not spent
      </summary>
      {ahead && (
        <>
          <h3>{ahead.title}, as it is expected</h3>
          <Teams teams={ahead.teams} unpriced="Not counted, priced once it has slept:" />
        </>
      )}
      {saved.map((week) => (
        <Week key={week.title} week={week} />
      ))}
      <p class="note">{PRICES}</p>
    </details>
  )
}

const PRICES =
  'Not spent, at list prices of us-east-1: Savings Plans, reservations and free tiers make it less.'

/** What sleep was worth to each team in a week, and what it cannot stop. */
function Week({ week }: { week: SavedView }) {
  const { title, teams, stays, staysTogether } = week
  return (
    <>
      <h3>{title}</h3>
      {teams.length === 0 ? (
        <p class="note">Nothing slept.</p>
      ) : (
        <Teams teams={teams} unpriced="No price is known for" />
      )}
      <p class="note">
        Paid all the same, {staysTogether}:{' '}
        {stays.map(({ what, usd }) => `${what} ${usd}`).join(', ')}.
      </p>
    </>
  )
}

/** A table of teams. @param unpriced what is said before the names of what has no price. */
function Teams({ teams, unpriced: words }: { teams: NightView['teams']; unpriced: string }) {
  return (
    <table class="saved">
      <thead>
        <tr>
          <th scope="col">Team</th>
          <th scope="col">Asleep</th>
          <th scope="col">Not spent</th>
        </tr>
      </thead>
      <tbody>
        {teams.map(({ team, hours, usd, unpriced }) => (
          <tr key={team}>
            <th scope="row">
              <span class="name">{team || 'without an owner'}</span>
              {unpriced.length > 0 && (
                <span class="runs">
                  {words} {unpriced.join(', ')}.
                </span>
              )}
            </th>
            <td>{hours}</td>
            <td>{usd}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

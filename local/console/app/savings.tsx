import type { SavedView } from '../view.ts'

/** What sleep was worth, by week and team, and what it cannot stop: a line that opens. */
export function Savings({ saved }: { saved: SavedView[] }) {
  const [last] = saved
  if (last === undefined) return null
  return (
    <details id="savings">
      <summary>
        {last.title}: {last.hours} asleep, {last.usd} not spent
      </summary>
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
                    <span class="runs">No price is known for {unpriced.join(', ')}.</span>
                  )}
                </th>
                <td>{hours}</td>
                <td>{usd}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="note">
        Paid all the same, {staysTogether}:{' '}
        {stays.map(({ what, usd }) => `${what} ${usd}`).join(', ')}.
      </p>
    </>
  )
}

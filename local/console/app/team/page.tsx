import { useState } from 'preact/hooks'
import { HOME, teamPath } from '../../../../domain/console-pages.ts'
import type { TeamView } from '../../teams/view.ts'
import type { View } from '../../view.ts'
import { Link } from '../route.tsx'
import { dayAndMinuteIn, type Times } from '../time.ts'
import { BudgetPane } from './budget.tsx'
import { HoldsPane } from './holds.tsx'
import { SavedPane } from './saved.tsx'
import { ServicesPane } from './services.tsx'
import { TagsPane } from './tags.tsx'

/** A team: what it spends and is held from, what it owns, how its tags are, who is in it. */
export function TeamPage({ name, view }: { name: string; view: View }) {
  const { teams, sleep, environment, clock } = view
  const [say] = useState(() => dayAndMinuteIn(environment.timeZone))
  const team = teams.find((one) => one.name === name)
  return (
    <main class="page">
      <nav class="crumbs" aria-label="Teams">
        <Link to={HOME}>All services</Link>
        {teams.map((one) => (
          <Link key={one.name} to={teamPath(one.name)} current={one.name === name}>
            {one.name}
          </Link>
        ))}
      </nav>
      {team === undefined ? (
        <Unknown name={name} />
      ) : (
        <>
          <div class="page-head">
            <h2 id="page-title" tabIndex={-1}>
              Team {name}
            </h2>
            <p class="soft">
              It is told in {team.channel}. Times are {environment.timeZone}.
            </p>
          </div>
          <Panes {...{ team, sleep }} times={{ say, now: clock.now }} reader={view.reader.name} />
        </>
      )}
    </main>
  )
}

type PanesProps = { team: TeamView; times: Times; reader: string | undefined } & Pick<View, 'sleep'>

function Panes({ team, times, reader, sleep }: PanesProps) {
  return (
    <div class="columns">
      <div>
        {team.budgets.length === 0 ? (
          <section class="pane" aria-labelledby="budget-none">
            <h3 id="budget-none">Budget</h3>
            <p class="empty">
              The catalog gives this team no budget: <code>budget</code> of the team in
              environment.yaml.
            </p>
          </section>
        ) : (
          team.budgets.map((budget) => (
            <BudgetPane key={budget.about} budget={budget} times={times} />
          ))
        )}
        <HoldsPane holds={team.holds} times={times} />
        <ServicesPane team={team} times={times} reader={reader} />
      </div>
      <div>
        <TagsPane tags={team.tags} times={times} />
        <SavedPane team={team.name} saved={sleep.saved} ahead={sleep.ahead} />
        <People team={team} />
      </div>
    </div>
  )
}

function People({ team: { name, members, operators } }: { team: TeamView }) {
  return (
    <section class="pane" aria-labelledby="people">
      <h3 id="people">People</h3>
      <dl class="facts">
        <dt>Members</dt>
        <dd>
          {members.length === 0
            ? `Nobody: the catalog lists no members of ${name}.`
            : members.join(', ')}
        </dd>
        <dt>Operators, who may act for every team</dt>
        <dd>{operators.length === 0 ? 'Nobody.' : operators.join(', ')}</dd>
      </dl>
    </section>
  )
}

const Unknown = ({ name }: { name: string }) => (
  <div class="page-head">
    <h2 id="page-title" tabIndex={-1}>
      There is no team {name}
    </h2>
    <p class="soft">The catalog has those that are listed above.</p>
  </div>
)

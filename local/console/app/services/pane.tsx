import { useState } from 'preact/hooks'
import { teamPath } from '../../../../domain/console-pages.ts'
import type { TeamView } from '../../teams/view.ts'
import type { Tone } from '../../tone.ts'
import type { ServiceView } from '../../view.ts'
import { JobLinks } from '../job/links.tsx'
import { Link } from '../route.tsx'
import { still } from '../still.tsx'
import { Attention } from './attention.tsx'
import { Choice, type Chosen } from './choice.tsx'
import { byTeam, type Group, rowsOf, upTo } from './groups.ts'
import { useGrowing } from './growing.ts'
import { inOrder, isMeant } from './order.ts'
import { Row } from './row.tsx'

type Props = { services: ServiceView[]; teams: TeamView[] }

const EVERYTHING: Chosen = { words: '', shown: 'all', order: 'team' }

/**
 * The services by team, each with three separate lights: a service that sleeps has not failed. A
 * team has a line of its own: what it has spent, and how its tags are.
 */
export const ServicesPane = still(Pane)

function Pane({ services: all, teams }: Props) {
  const [chosen, choose] = useState(EVERYTHING)
  const { words, shown, order } = chosen
  const services = inOrder(
    all.filter((one) => isMeant(one, words, shown)),
    order,
  )
  const isAll = services.length === all.length
  const groups = order === 'team' ? byTeam(services, teams, isAll) : [{ services }]
  const drawn = useGrowing(rowsOf(groups), JSON.stringify(chosen))
  return (
    <section id="services" class="pane services" aria-labelledby="services-title" tabIndex={-1}>
      <div class="title">
        <h2 id="services-title" tabIndex={-1}>
          Services
        </h2>
        <Choice chosen={chosen} choose={choose} />
      </div>
      <Attention services={all} teams={teams} />
      <p class="note" role="status">
        {!isAll && `${services.length} of ${all.length} services`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">As asked</th>
            <th scope="col">Healthy</th>
            <th scope="col">Awake</th>
          </tr>
        </thead>
        {upTo(groups, drawn).map((group) => (
          <Rows key={group.head?.name ?? ''} group={group} withTeam={order !== 'team'} />
        ))}
      </table>
    </section>
  )
}

const TONES_OF_LINES: Record<Tone, string> = {
  good: '',
  going: '',
  quiet: '',
  held: 'held',
  bad: 'bad',
}

function TeamRow({ team: { name, budgets, holds, tags, day, jobs } }: { team: TeamView }) {
  const [budget] = budgets
  const lines = [
    { says: budget?.line.says ?? 'no budget', tone: budget?.line.tone ?? ('quiet' as const) },
    { says: `${day.usd} a day awake`, tone: 'quiet' as const },
    tags.line,
    ...(holds.length > 0
      ? [
          {
            says: `${holds.length} ${holds.length === 1 ? 'hold' : 'holds'}`,
            tone: 'held' as const,
          },
        ]
      : []),
  ]
  return (
    <tr class="of-team">
      <th scope="rowgroup" colSpan={4}>
        <Link to={teamPath(name)}>{name}</Link>
        <span class="runs">
          {lines.map(({ says, tone }, place) => (
            <span key={says}>
              {place > 0 && ' · '}
              <span class={TONES_OF_LINES[tone]}>{says}</span>
            </span>
          ))}
          {jobs.length > 0 && (
            <>
              {' '}
              · {jobs.length === 1 ? 'job' : 'jobs'} <JobLinks jobs={jobs} />
            </>
          )}
        </span>
      </th>
    </tr>
  )
}

function Rows({ group: { head, services }, withTeam }: { group: Group; withTeam: boolean }) {
  return (
    <tbody>
      {head && (head.team === undefined ? <NoTeamRow /> : <TeamRow team={head.team} />)}
      {services.map((service) => (
        <Row key={`${service.cluster}/${service.name}`} service={service} withTeam={withTeam} />
      ))}
    </tbody>
  )
}

const NoTeamRow = () => (
  <tr class="of-team">
    <th scope="rowgroup" colSpan={4}>
      Without a team of the catalog
    </th>
  </tr>
)

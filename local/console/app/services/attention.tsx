import { jobPath, servicePath, teamPath } from '../../../../domain/console-pages.ts'
import type { TeamView } from '../../teams/view.ts'
import type { ServiceView } from '../../view.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../route.tsx'

type Props = { services: ServiceView[]; teams: TeamView[] }
type Item = { to: string; name: string; says: string }

/** So many are named: the table below has all of them. */
const NAMED = 5

/** What somebody has to see to, above everything else; nothing where there is nothing. */
export function Attention(props: Props) {
  const all = [...props.services.flatMap(ofService), ...props.teams.flatMap(ofTeam)]
  if (all.length === 0) return null
  return (
    <ul class="attention" aria-label="Needs attention">
      {all.slice(0, NAMED).map(({ to, name, says }) => (
        <li key={`${name} ${says}`} class="light">
          <Icon shape="cross" tone="bad" />
          <span>
            <Link to={to}>{name}</Link> {says}
          </span>
        </li>
      ))}
      {all.length > NAMED && <li class="soft">… and {all.length - NAMED} more</li>}
    </ul>
  )
}

function ofService({ name, asAsked, healthy, alarms }: ServiceView): Item[] {
  const item = (says: string): Item => ({ to: servicePath(name), name, says })
  return [
    ...[asAsked, healthy].flatMap(({ state, says }) =>
      state === 'no' ? [item(says.toLowerCase())] : [],
    ),
    ...alarms.map((alarm) => item(`has a red alarm, ${alarm.name}`)),
  ]
}

const ofTeam = ({ name, budgets, jobs }: TeamView): Item[] => [
  ...budgets.flatMap(({ line }) =>
    line.tone === 'bad' ? [{ to: teamPath(name), name, says: line.says }] : [],
  ),
  ...jobs.flatMap((job) =>
    job.red.map((alarm) => ({
      ...{ to: jobPath(job.name), name: job.name, says: `has a red alarm, ${alarm}` },
    })),
  ),
]

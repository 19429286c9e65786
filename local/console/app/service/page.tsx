import { useState } from 'preact/hooks'
import { shortDigest } from '../../../../domain/image.ts'
import { HOME, teamPath } from '../../pages.ts'
import type { ServicePageView } from '../../service/view.ts'
import type { View } from '../../view.ts'
import { useActs } from '../act.tsx'
import { Link } from '../route.tsx'
import { HoldsPane } from '../team/holds.tsx'
import { dayAndMinuteIn, type Times } from '../time.ts'
import { AlarmsPane, FactsPane } from './facts.tsx'
import { HistoryPane } from './history.tsx'

/** A service: what runs, how it is, what held and what did not, and what can be asked for. */
export function ServicePage({ name, view }: { name: string; view: View }) {
  const { service, services, environment, clock } = view
  const [say] = useState(() => dayAndMinuteIn(environment.timeZone))
  const exists = services.some((one) => one.name === name)
  const times = { say, now: clock.now }
  return (
    <main class="page">
      <nav class="crumbs" aria-label="Where this is">
        <Link to={HOME}>All services</Link>
        {service?.team && <Link to={teamPath(service.team)}>{service.team}</Link>}
      </nav>
      <div class="page-head">
        <h2 id="page-title" tabIndex={-1}>
          {exists ? name : `There is no service ${name}`}
        </h2>
        {service !== null && service.name === name && (
          <Head service={service} times={times} timeZone={environment.timeZone} />
        )}
      </div>
      {service !== null && service.name === name && (
        <div class="columns">
          <div>
            <FactsPane service={service} times={times} />
            <HoldsPane holds={service.holds} times={times} />
            <AlarmsPane service={service} />
          </div>
          <div>
            <HistoryPane history={service.history} times={times} />
          </div>
        </div>
      )}
    </main>
  )
}

type HeadProps = { service: ServicePageView; times: Times; timeZone: string }

/** What runs, and what can be asked for. */
function Head({ service, times: { say }, timeZone }: HeadProps) {
  const { running, tasks, acts, people, takes, repositories, usd } = service
  const { ask, dialog, receipt } = useActs(people)
  return (
    <>
      <p>
        {running === undefined ? (
          'Nothing of it runs.'
        ) : (
          <>
            Runs {running.tag} <code>{shortDigest(running.digest)}</code>, {tasks}
            {running.since && (
              <>
                , since {say(running.since)} by {running.by}
              </>
            )}
            .
          </>
        )}{' '}
        {usd && <>A day of it awake costs {usd}.</>}
      </p>
      <p class="soft">
        It takes <code>{takes}</code> of {repositories.join(', ')}. Times are {timeZone}.
      </p>
      {acts.length > 0 && (
        <p class="acts">
          {acts.map((act) => (
            <button
              key={act.label}
              type="button"
              onClick={({ currentTarget }) =>
                ask({ ...act, label: `${act.label} ${service.name}` }, currentTarget)
              }
            >
              {act.label}
            </button>
          ))}
        </p>
      )}
      {receipt}
      {dialog}
    </>
  )
}

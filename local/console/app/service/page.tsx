import { useState } from 'preact/hooks'
import { HOME, teamPath } from '../../../../domain/console-pages.ts'
import { shortDigest } from '../../../../domain/image.ts'
import type { ServicePageView } from '../../service/view.ts'
import type { View } from '../../view.ts'
import { ActButtons, MayNot, useActs } from '../act.tsx'
import { Link } from '../route.tsx'
import { HoldsPane } from '../team/holds.tsx'
import { dayAndMinuteIn, type Times } from '../time.ts'
import { AlarmsPane, FactsPane } from './facts.tsx'
import { HistoryPane } from './history.tsx'
import { LogsPane } from './logs.tsx'
import { RevisionsPane } from './revisions.tsx'

/** A service: what runs, how it is, what held and what did not, and what can be asked for. */
export function ServicePage({ name, view }: { name: string; view: View }) {
  const { service, services, environment, clock, reader, unread } = view
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
          <Head {...{ service, times }} timeZone={environment.timeZone} reader={reader.name} />
        )}
      </div>
      {service !== null && service.name === name && (
        <div class="columns">
          <div>
            <FactsPane service={service} times={times} />
            <HoldsPane holds={service.holds} times={times} />
            <AlarmsPane alarms={service.alarms} />
          </div>
          <div>
            {unread && <p class="pane bad">{unread}</p>}
            <LogsPane of={name} from="/logs" asked={{ service: name }} />
            <RevisionsPane service={name} runs={service.running?.digest} times={times} />
            <HistoryPane history={service.history} times={times} />
          </div>
        </div>
      )}
    </main>
  )
}

type HeadProps = {
  service: ServicePageView
  times: Times
  timeZone: string
  reader: string | undefined
}

/** What runs, and what can be asked for. */
function Head({ service, times: { say }, timeZone, reader }: HeadProps) {
  const { running, tasks, acts, people, takes, repositories, usd, mayNot } = service
  const { ask, dialog, receipt } = useActs({ people, reader })
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
      <Commit commit={service.commit} say={say} />
      <p class="soft">
        It takes <code>{takes}</code> of {repositories.join(', ')}. Times are {timeZone}.
      </p>
      {acts.length > 0 && (
        <p class="acts">
          <ActButtons
            acts={acts.map((act) => ({
              act: { ...act, label: `${act.label} ${service.name}` },
              ...{ label: act.label, about: '' },
            }))}
            mayNot={mayNot}
            ask={ask}
          />
        </p>
      )}
      {acts.length > 0 && <MayNot mayNot={mayNot} acts={acts} />}
      {receipt}
      {dialog}
    </>
  )
}

type CommitProps = { commit: ServicePageView['commit']; say(instant: string): string }

/** Which commit runs, as the build has written it into the image. */
function Commit({ commit, say }: CommitProps) {
  if (commit === undefined) return null
  const { revision, url, built } = commit
  const short = <code>{revision.slice(0, 12)}</code>
  return (
    <p>
      Commit{' '}
      {url === undefined ? (
        short
      ) : (
        <a href={url} rel="noreferrer">
          {short}
        </a>
      )}
      {built && /^\d{4}-/.test(built) && <>, built {say(built)}</>}, by the labels of its image.
    </p>
  )
}

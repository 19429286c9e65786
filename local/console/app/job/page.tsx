import { useEffect, useState } from 'preact/hooks'
import { HOME, teamPath } from '../../../../domain/console-pages.ts'
import type { JobView } from '../../job/view.ts'
import type { View } from '../../view.ts'
import { ActButtons, MayNot, useActs } from '../act.tsx'
import { read } from '../connection.ts'
import { Link } from '../route.tsx'
import { AlarmsPane } from '../service/facts.tsx'
import { LogsPane } from '../service/logs.tsx'
import { dayAndMinuteIn } from '../time.ts'
import { RunsPane } from './runs.tsx'

/** Milliseconds between two looks: of an account each is five calls of AWS. */
const PAUSE = { simulation: 2_000, account: 15_000 }

/** A job: what runs when, its last runs with what came of them, their logs, and a run out of turn. */
export function JobPage({ name, view }: { name: string; view: View }) {
  const { environment, clock, reader, play } = view
  const [job, set] = useState<JobView | null | undefined>()
  const [problem, tell] = useState('')
  const [chosen, choose] = useState<string | undefined>()
  const look = () =>
    read<JobView | null>('/job', { job: name }).then(
      (found) => {
        set(found)
        tell('')
      },
      (error: Error) => tell(error.message),
    )
  const { ask, dialog, receipt } = useActs({
    people: job?.people ?? [],
    reader: reader.name,
    done: look,
  })
  useEffect(() => {
    void look()
    const again = setInterval(look, play === null ? PAUSE.account : PAUSE.simulation)
    return () => clearInterval(again)
  }, [name])
  const times = { say: dayAndMinuteIn(environment.timeZone), now: clock.now }
  const shown = job?.runs.find(({ task }) => task === chosen) ?? job?.runs[0]
  return (
    <main class="page">
      <nav class="crumbs" aria-label="Where this is">
        <Link to={HOME}>All services</Link>
        {job && <Link to={teamPath(job.team)}>{job.team}</Link>}
      </nav>
      <div class="page-head">
        <h2 id="page-title" tabIndex={-1}>
          {job === null ? `There is no job ${name}` : name}
        </h2>
        {problem && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
        {job && (
          <>
            <p>
              A job: it runs <code>{job.image}</code>, pulled anew each time, with {job.size}.
            </p>
            <When schedule={job.schedule} say={times.say} />
            <p class="acts">
              <ActButtons
                acts={job.acts.map((act) => ({
                  act: { ...act, label: `${act.label}: ${name}` },
                  ...{ label: act.label, about: '' },
                }))}
                mayNot={job.mayNot}
                ask={ask}
              />
            </p>
            <MayNot mayNot={job.mayNot} acts={job.acts} />
            {receipt}
            {dialog}
          </>
        )}
      </div>
      {job && (
        <div class="columns">
          <div>
            <RunsPane runs={job.runs} shown={shown?.task} choose={choose} times={times} />
          </div>
          <div>
            {shown && (
              <LogsPane
                key={shown.task}
                of={`the run of ${times.say(shown.at)}`}
                from="/job-log"
                asked={{ job: name, task: shown.task }}
                isWanted={chosen !== undefined}
              />
            )}
            <AlarmsPane alarms={job.alarms} />
          </div>
        </div>
      )}
    </main>
  )
}

type WhenProps = { schedule: JobView['schedule']; say(instant: string): string }

function When({ schedule: { expression, timeZone, isOn, next }, say }: WhenProps) {
  return (
    <p>
      Its schedule is <code>{expression}</code>, {timeZone}.{' '}
      {isOn
        ? next === undefined
          ? 'It has no next run.'
          : `Its next run is on ${say(next)}.`
        : 'The schedule is off: it does not run by itself.'}
    </p>
  )
}

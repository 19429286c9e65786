import { HOME, servicePath } from '../../../domain/console-pages.ts'
import type { ExecutionView, OutcomeView, View } from '../view.ts'
import { Watched } from './execution/pane.tsx'
import { Icon } from './icon.tsx'
import { Link } from './route.tsx'
import { shapeOf } from './shapes.ts'
import { dayAndMinuteIn } from './time.ts'
import { Words } from './words.tsx'

/** One execution of a state machine on a page of its own: nothing newer takes its place. */
export function RollOutPage({ name, view }: { name: string; view: View }) {
  const { execution, machine, clock, environment, play, unread } = view
  const isThis = execution?.arn.endsWith(`:${name}`) || execution?.arn === name
  const say = dayAndMinuteIn(environment.timeZone)
  return (
    <main class="page">
      <nav class="crumbs" aria-label="Where this is">
        <Link to={HOME}>All services</Link>
        {isThis &&
          execution?.outcomes.map(({ service }) => (
            <Link key={service} to={servicePath(service)}>
              {service}
            </Link>
          ))}
      </nav>
      <div class="page-head">
        <h2 id="page-title" tabIndex={-1}>
          {execution === null ? `There is no roll-out ${name}` : headingOf(execution)}
        </h2>
        {execution === null && (
          <p class="soft">
            {unread ??
              (play === null
                ? 'Step Functions keeps executions for 90 days.'
                : 'Executions are kept as long as the simulation runs.')}
          </p>
        )}
      </div>
      {isThis && execution && machine && (
        <>
          {execution.outcomes.length > 0 && <Outcomes outcomes={execution.outcomes} say={say} />}
          <section class="pane execution" aria-label="Execution">
            <Watched key={execution.arn} execution={execution} machine={machine} now={clock.now} />
          </section>
        </>
      )}
    </main>
  )
}

/** Executions of the other machines have pages too. */
const headingOf = ({ outcomes, machine }: ExecutionView): string =>
  outcomes.length > 0
    ? `Roll-out of ${outcomes.map(({ service }) => service).join(', ')}`
    : machine.endsWith('-roll-out')
      ? 'Roll-out'
      : `Execution of ${machine}`

type OutcomesProps = { outcomes: OutcomeView[]; say(instant: string): string }

/** What became of it, why, and what was told of it where. */
function Outcomes({ outcomes, say }: OutcomesProps) {
  return (
    <section class="pane" aria-labelledby="outcome">
      <h3 id="outcome">What became of it</h3>
      <ul class="done">
        {outcomes.map(({ service, word, tone, reason, by, told }) => (
          <li key={service}>
            <p class="light">
              <Icon shape={shapeOf(tone)} tone={tone} />
              <span>
                <Link to={servicePath(service)}>{service}</Link> <strong>{word}</strong>
                {by && <>, asked for by {by}</>}
              </span>
            </p>
            {reason && (
              <p>
                <Words text={reason} say={say} />
              </p>
            )}
            {told ? (
              <p class="soft">
                Told in {told.channel}, {say(told.at)}
                {told.text && (
                  <>
                    : <Words text={told.text} say={say} />
                  </>
                )}
              </p>
            ) : (
              <p class="soft">Nobody was told, or not yet.</p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

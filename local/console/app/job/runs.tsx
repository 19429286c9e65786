import { shortDigest } from '../../../../domain/image.ts'
import type { RunView } from '../../job/view.ts'
import { Icon } from '../icon.tsx'
import { shapeOf } from '../shapes.ts'
import { span, type Times } from '../time.ts'

type Props = {
  runs: RunView[]
  /** The task whose log is beside them. */
  shown: string | undefined
  choose(task: string): void
  times: Times
}

/** The last runs, the newest first, each with how it ended. */
export function RunsPane({ runs, shown, choose, times }: Props) {
  return (
    <section class="pane" aria-labelledby="runs">
      <h3 id="runs">Last runs</h3>
      {runs.length === 0 && <p class="empty">It has not run yet.</p>}
      <ol class="done">
        {runs.map((run) => (
          <Run key={run.task} run={run} isShown={run.task === shown} {...{ choose, times }} />
        ))}
      </ol>
      {runs.some(({ word }) => word === 'ended') && (
        <p class="soft">
          Of runs that only “ended” the log is left: ECS forgets after an hour how a task ended. A
          run that failed has raised the alarm.
        </p>
      )}
    </section>
  )
}

type RunProps = { run: RunView; isShown: boolean } & Pick<Props, 'choose' | 'times'>

function Run({ run, isShown, choose, times: { say, now } }: RunProps) {
  const { task, at, until, word, tone, says, by, digest } = run
  return (
    <li>
      <p class="light">
        <Icon shape={shapeOf(tone)} tone={tone} />
        <span>
          <time dateTime={at}>{say(at)}</time>: <strong>{word}</strong>
          {word === 'starting' || word === 'running' ? ' for ' : ' after '}
          {span(at, until ?? now)}
          {by && <>, started by {by}</>}
          {digest && (
            <>
              , <code>{shortDigest(digest)}</code>
            </>
          )}{' '}
          <button type="button" class="link" aria-pressed={isShown} onClick={() => choose(task)}>
            log<span class="unseen"> of the run of {say(at)}</span>
          </button>
        </span>
      </p>
      {says && <p class="soft">{says}</p>}
    </li>
  )
}

import type { BudgetView, StepView } from '../../teams/view.ts'
import type { Tone } from '../../tone.ts'
import { Icon } from '../icon.tsx'
import { shapeOf } from '../shapes.ts'
import { age, localized, type Times } from '../time.ts'

type Props = { budget: BudgetView; times: Times }

/** What is spent and expected, how old that is, and what was done because of it. */
export function BudgetPane({ budget, times }: Props) {
  const { about, figure, unknown, forecast, changedAt, notes, level, steps } = budget
  const id = `budget-${about}`
  return (
    <section class="pane budget" aria-labelledby={id}>
      <h3 id={id}>Budget of {about}</h3>
      {figure === undefined ? (
        <p class="unknown">{unknown}</p>
      ) : (
        <>
          <p class="figure">
            <strong>{figure.spent}</strong> of {figure.limit} spent in {figure.month},{' '}
            {sayShare(figure.share)}
          </p>
          <Meter figure={figure} tone={budget.line.tone} />
          <p>{forecast}</p>
        </>
      )}
      {changedAt && (
        <p class="soft">
          Caretaker has seen this figure since {times.say(changedAt)}, {age(changedAt, times.now)}{' '}
          ago. AWS does not say how old it is; it can lack another day.
        </p>
      )}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <p class="soft">{level} Credits, refunds, tax and what carries no tags are not counted.</p>
      <Steps steps={steps} times={times} />
    </section>
  )
}

const sayShare = (share: number): string =>
  share < 0.01 ? 'less than 1 %' : `${Math.floor(100 * share)} %`

/** The words beside it say the same. */
function Meter({ figure, tone }: { figure: NonNullable<BudgetView['figure']>; tone: Tone }) {
  const { share, forecastShare = 0 } = figure
  // What is beyond the limit still has to fit.
  const whole = Math.max(1, share, forecastShare)
  const percent = (part: number) => `${(100 * part) / whole}%`
  return (
    <svg class={`meter ${tone}`} aria-hidden="true" width="100%" height="12">
      <rect class="ground" width="100%" height="12" rx="6" />
      {forecastShare > share && (
        <rect class="forecast" width={percent(forecastShare)} height="12" rx="6" />
      )}
      <rect class="spent" width={percent(share)} height="12" rx="6" />
      {whole > 1 && <rect class="limit" x={percent(1)} width="2" height="12" />}
    </svg>
  )
}

function Steps({ steps, times: { say } }: { steps: StepView[]; times: Times }) {
  if (steps.length === 0) return <p class="soft">Nothing was done or said because of it yet.</p>
  return (
    <>
      <h4>What was done</h4>
      <ol class="done">
        {steps.map(({ at, tone, says, told, grown, undo, endedAt }) => (
          <li key={`${at}${says}`}>
            <p class="light">
              <Icon shape={shapeOf(tone)} tone={tone} />
              <span>
                <time dateTime={at}>{say(at)}</time>: {localized(says, say)}.
              </span>
            </p>
            {grown && <p>{grown}</p>}
            <p class="soft">
              {told === undefined ? 'Slack has not taken its message.' : `Told in ${told.channel}.`}{' '}
              {localized(undo, say)}
              {endedAt && undo.startsWith('Over') && ` That was ${say(endedAt)}.`}
            </p>
          </li>
        ))}
      </ol>
    </>
  )
}

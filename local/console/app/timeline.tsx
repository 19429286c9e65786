import { useState } from 'preact/hooks'
import { rollOutPath } from '../../../domain/console-pages.ts'
import { shortDigest } from '../../../domain/image.ts'
import type { Step, StoryView } from '../view.ts'
import { Icon } from './icon.tsx'
import { Link } from './route.tsx'
import { shapeOf } from './shapes.ts'
import { age, clock, day, dayAndMinuteIn } from './time.ts'
import { Words } from './words.tsx'

type Props = {
  stories: StoryView[]
  services: string[]
  now: string
  timeZone: string
  watch(execution: string): void
}

/** So many are shown at first, and with each press of *Older*. */
const AT_ONCE = 12

/** Pushes and acts, newest first: events, decisions, what ECS did, and the verdict with its reason. */
export function TimelinePane({ stories, services, now, timeZone, watch }: Props) {
  const [only, choose] = useState('')
  const [most, show] = useState(AT_ONCE)
  const [say] = useState(() => dayAndMinuteIn(timeZone))
  const fitting = stories.filter((story) => only === '' || story.services.includes(only))
  const shown = fitting.slice(0, most)
  return (
    <section id="timeline" class="pane timeline" aria-labelledby="timeline-title" tabIndex={-1}>
      <div class="title">
        <h2 id="timeline-title">Timeline</h2>
        <label>
          <span class="unseen">Only the service</span>
          <select value={only} onChange={({ currentTarget }) => choose(currentTarget.value)}>
            <option value="">All services</option>
            {services.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      {shown.length === 0 && (
        <p class="empty">
          {only === ''
            ? 'Nothing has been pushed yet, and nobody has asked for anything.'
            : `Nothing lately of ${only}. Its page has its history.`}
        </p>
      )}
      {[...Map.groupBy(shown, ({ at }) => day(at))].map(([date, ofDay]) => (
        <div key={date}>
          <h3 class="day">{date === day(now) ? 'Today' : date}</h3>
          <ol class="stories">
            {ofDay.map((story) => (
              <li key={story.id}>
                <StoryEntry story={story} isNewest={story === shown[0]} {...{ now, say, watch }} />
              </li>
            ))}
          </ol>
        </div>
      ))}
      {fitting.length > most && (
        <button
          type="button"
          class="link older"
          onClick={({ currentTarget }) => {
            // With the last of them it goes away itself: one reads on where it stood.
            const shown = currentTarget.closest('section')?.querySelectorAll('summary') ?? []
            Array.from(shown).at(-1)?.focus()
            show(most + AT_ONCE)
          }}
        >
          Older ({fitting.length - most} more)
        </button>
      )}
    </section>
  )
}

type EntryProps = Pick<Props, 'now' | 'watch'> & {
  story: StoryView
  isNewest: boolean
  say(instant: string): string
}

function StoryEntry({ story, isNewest, now, say, watch }: EntryProps) {
  const { image, at, verdicts, steps } = story
  const execution = verdicts.find((one) => one.execution !== undefined)?.execution
  return (
    <details open={isNewest}>
      <summary>
        <time dateTime={at}>
          {clock(at)} <span class="ago">{age(at, now)} ago</span>
        </time>
        <Title story={story} />
        <Badges verdicts={verdicts} />
      </summary>
      <ol class="steps">
        {steps.map((step) => (
          <StepLine key={`${step.at}${step.text}`} step={step} say={say} />
        ))}
      </ol>
      {execution !== undefined && (
        <p class="ways">
          <button type="button" class="link" onClick={() => watch(execution)}>
            Show the execution
            <span class="unseen">
              {' '}
              of {image?.repository}:{image?.tag} {shortDigest(image?.digest ?? '')}
            </span>
          </button>{' '}
          <Link to={rollOutPath(execution)}>
            its page
            <span class="unseen"> of {shortDigest(image?.digest ?? '')}</span>
          </Link>
        </p>
      )}
    </details>
  )
}

/** What was pushed, or who asked for what. */
function Title({ story: { image, asked } }: { story: StoryView }) {
  return (
    <span class="image-name">
      {asked && (
        <>
          <span class="asked">{asked.by}</span>{' '}
          {image === undefined ? <code>{asked.words}</code> : 'asked for '}
        </>
      )}
      {image && (
        <>
          <strong>
            {image.repository}:{image.tag}
          </strong>{' '}
          <code>{shortDigest(image.digest)}</code>
        </>
      )}
    </span>
  )
}

const Badges = ({ verdicts }: Pick<StoryView, 'verdicts'>) => (
  <span class="badges">
    {verdicts.map(({ service, word, tone }) => (
      <span key={service} class={`badge ${tone}`}>
        <Icon shape={shapeOf(tone)} />
        {verdicts.length > 1 ? `${service} ${word}` : word}
      </span>
    ))}
    {verdicts.length === 0 && <span class="badge quiet">pushed</span>}
  </span>
)

type LineProps = { step: Step; say(instant: string): string }

function StepLine({ step: { at, kind, tone, text }, say }: LineProps) {
  return (
    <li class={kind}>
      <time dateTime={at}>{clock(at)}</time>
      <Icon shape={shapeOf(tone)} tone={tone} />
      <span>
        <Words text={text} say={say} />
      </span>
    </li>
  )
}

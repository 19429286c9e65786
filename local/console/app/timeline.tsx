import { useState } from 'preact/hooks'
import { shortDigest } from '../../../domain/image.ts'
import type { PushStory, Step } from '../view.ts'
import { Icon } from './icon.tsx'
import { shapeOf } from './shapes.ts'
import { clock } from './time.ts'

type Props = { stories: PushStory[]; services: string[]; watch(execution: string): void }

/** Pushes, newest first: events, decisions, what ECS did, and the verdict with its reason. */
export function TimelinePane({ stories, services, watch }: Props) {
  const [only, choose] = useState('')
  const shown = stories.filter((story) => only === '' || story.services.includes(only))
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
      {shown.length === 0 ? (
        <p class="empty">Nothing has been pushed yet. Push a good image to begin.</p>
      ) : (
        <ol class="stories">
          {shown.map((story, index) => (
            <li key={story.id}>
              <StoryEntry story={story} isNewest={index === 0} watch={watch} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

type EntryProps = { story: PushStory; isNewest: boolean; watch(execution: string): void }

function StoryEntry({ story, isNewest, watch }: EntryProps) {
  const { repository, tag, digest, at, verdicts, steps } = story
  const execution = verdicts.find((one) => one.execution !== undefined)?.execution
  const begun = verdicts.length > 0
  return (
    <details open={isNewest}>
      <summary>
        <time dateTime={at}>{clock(at)}</time>
        <span class="image-name">
          <strong>
            {repository}:{tag}
          </strong>{' '}
          <code>{shortDigest(digest)}</code>
        </span>
        <span class="badges">
          {verdicts.map(({ service, word, tone }) => (
            <span key={service} class={`badge ${tone}`}>
              <Icon shape={shapeOf(tone)} />
              {verdicts.length > 1 ? `${service} ${word}` : word}
            </span>
          ))}
          {!begun && <span class="badge quiet">pushed</span>}
        </span>
      </summary>
      <ol class="steps">
        {steps.map((step) => (
          <StepLine key={`${step.at}${step.text}`} step={step} />
        ))}
      </ol>
      {execution !== undefined && (
        <button type="button" class="link" onClick={() => watch(execution)}>
          Show the execution
          <span class="unseen">
            {' '}
            of {repository}:{tag} {shortDigest(digest)}
          </span>
        </button>
      )}
    </details>
  )
}

function StepLine({ step: { at, kind, tone, text } }: { step: Step }) {
  return (
    <li class={kind}>
      <time dateTime={at}>{clock(at)}</time>
      <Icon shape={shapeOf(tone)} tone={tone} />
      <span>{text}</span>
    </li>
  )
}

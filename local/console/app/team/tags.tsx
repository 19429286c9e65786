import type { TagCaseView, TagsView } from '../../teams/view.ts'
import { Icon } from '../icon.tsx'
import { day, localized, type Times } from '../time.ts'

/** How the tags of what the team owns are: what is missing on what, who was told, and what is next. */
export function TagsPane({ tags, times }: { tags: TagsView; times: Times }) {
  const { line, level, counted, reports, notes, cases, more } = tags
  return (
    <section class="pane tags" aria-labelledby="tags">
      <h3 id="tags">Tags</h3>
      {counted !== undefined && (
        <p class="figure">
          <strong>
            {counted.complete} of {counted.total}
          </strong>{' '}
          had all their tags in the week of {day(counted.week)}, {counted.percent} %
        </p>
      )}
      <Reports reports={reports} times={times} />
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <Cases tags={tags} times={times} />
      {more > 0 && <p>… and {more} more.</p>}
      {cases.length === 0 && (
        <p>
          {counted === undefined
            ? `${capital(line.says)}.`
            : 'By the last look nothing lacks a tag that is required.'}
        </p>
      )}
      {level.map((sentence) => (
        <p key={sentence} class="soft">
          {localized(sentence, times.say)}
        </p>
      ))}
    </section>
  )
}

/** How it was, week by week; where nothing lacked a tag there was no report. */
function Reports({ reports, times: { say } }: Pick<TagsView, 'reports'> & { times: Times }) {
  if (reports.length === 0) return null
  const each = reports.map(({ at, percent }) => `${percent} % on ${say(at)}`)
  return <p class="soft">Reports, newest first: {each.join(', ')}.</p>
}

function Cases({ tags: { cases }, times }: { tags: TagsView; times: Times }) {
  if (cases.length === 0) return null
  return (
    <>
      <h4>What is open</h4>
      <ul class="done">
        {cases.map((one) => (
          <Case key={one.id} one={one} times={times} />
        ))}
      </ul>
    </>
  )
}

function Case({ one, times: { say } }: { one: TagCaseView; times: Times }) {
  const { name, type, left, since, by, wrote, done, next } = one
  const shape = left.length > 0 ? 'held' : 'dot'
  return (
    <li>
      <p class="light">
        <Icon shape={shape} tone={left.length > 0 ? 'held' : 'quiet'} />
        <span>
          <strong>{name}</strong> <span class="soft">{type}</span>
        </span>
      </p>
      {left.map((problem) => (
        <p key={problem}>{problem}.</p>
      ))}
      <p class="soft">
        Since {say(since)}
        {by && `, made by ${by}`}.{' '}
        {done.length === 0 && left.length > 0 && 'No message was about it alone yet. '}
        {wrote && `Caretaker has written ${wrote.join(', ')}. `}
        {done.map(({ says, at }) => `${capital(localized(says, say))}, ${say(at)}. `)}
      </p>
      <p>
        Next{next.at && <>, on {say(next.at)} at the earliest</>}: {localized(next.says, say)}.
      </p>
    </li>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

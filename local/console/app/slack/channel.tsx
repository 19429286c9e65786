import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChannelView, MessageView, PersonView, ShownView } from '../../view.ts'
import { ask } from '../connection.ts'
import { instantOf, minuteIn } from '../time.ts'
import { Blocks, type OnPress, type Question } from './blocks.tsx'
import { Asked } from './question.tsx'
import { SlackText } from './text.tsx'

type Props = {
  channel: ChannelView
  person: PersonView | undefined
  timeZone: string
  /** Tells what came of a press, for those who cannot see the page change. */
  say(text: string): void
}

/** A press that Slack asks about first. */
type Open = { question: Question; press(): void }

/** A channel's messages, oldest first, with what only this person sees among them. */
export function Channel({ channel: { name, messages }, person, timeZone, say }: Props) {
  const [open, ask_] = useState<Open | undefined>()
  const list = useRef<HTMLOListElement>(null)
  const own = (person?.shown ?? []).filter(({ channel }) => channel === name)
  const reads = newestOf(messages, own)
  // Opens at its newest message, and stays there unless the reader has scrolled up.
  useEffect(() => {
    const scroller = list.current
    if (scroller === null || reads === '') return
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
    if (scroller.scrollTop === 0 || below < 400) scroller.scrollTop = scroller.scrollHeight
  }, [reads])
  const presser =
    (ts: string, ephemeral = false): OnPress =>
    (label, question) => {
      const press = () => {
        if (person === undefined) return
        ask({ action: 'press', by: person.id, ts, label, ephemeral }).then(say, (error: Error) =>
          say(error.message),
        )
      }
      if (question === undefined) press()
      else ask_({ question, press })
    }
  const time = minuteIn(timeZone)
  const loose = own.filter(({ threadTs }) => !messages.some(({ ts }) => ts === threadTs))
  return (
    <>
      <ol ref={list} class="messages" aria-label={`Messages in ${name}`}>
        {[...messages, ...loose]
          .toSorted((a, b) => Number(a.ts) - Number(b.ts))
          .map((one) => (
            <li key={one.ts}>
              {'kind' in one ? (
                <Shown shown={one} time={time} onPress={presser(one.ts, true)} />
              ) : (
                <Message
                  message={one}
                  time={time}
                  presser={presser}
                  own={own.filter(({ threadTs }) => threadTs === one.ts)}
                />
              )}
            </li>
          ))}
      </ol>
      {open !== undefined && (
        <Asked
          question={open.question}
          answer={(yes) => {
            ask_(undefined)
            if (yes) open.press()
          }}
        />
      )}
    </>
  )
}

const newestOf = (messages: MessageView[], own: ShownView[]): string => {
  const all = messages.flatMap((one) => [one, ...one.replies])
  return [...all.map(({ ts, edits }) => `${ts} ${edits}`), ...own.map(({ ts }) => ts)].join()
}

type Presser = (ts: string, ephemeral?: boolean) => OnPress

/** An instant as people in Slack see it. */
type Time = (instant: string) => string

function Message({
  message,
  time,
  presser,
  own,
}: {
  message: MessageView
  time: Time
  presser: Presser
  own: ShownView[]
}) {
  const { ts, author, text, blocks, edits, replies } = message
  const at = instantOf(ts)
  // Only an edit made while the page is open is highlighted.
  const seen = useRef(edits)
  const isNew = edits > seen.current
  const under = [...replies, ...own].toSorted((a, b) => Number(a.ts) - Number(b.ts))
  return (
    <article class="message">
      <Mark author={author} />
      <div key={edits} class={isNew ? 'body edited' : 'body'}>
        <p class="by">
          <strong>{author}</strong> {author === 'Caretaker' && <span class="app">APP</span>}{' '}
          <time dateTime={at}>{time(at)}</time>
        </p>
        {blocks.length > 0 ? (
          <Blocks blocks={blocks} onPress={presser(ts)} />
        ) : (
          <SlackText of={{ type: 'mrkdwn', text }} />
        )}
        {edits > 0 && (
          <p class="edits" title={`Edited ${edits} times`}>
            (edited)
          </p>
        )}
        {under.length > 0 && (
          <ol class="replies" aria-label={`${under.length} replies`}>
            {under.map((reply) => (
              <li key={reply.ts}>
                {'kind' in reply ? (
                  <Shown shown={reply} time={time} onPress={presser(reply.ts, true)} />
                ) : (
                  <Message message={reply} time={time} presser={presser} own={[]} />
                )}
              </li>
            ))}
          </ol>
        )}
      </div>
    </article>
  )
}

/** What Slack shows to one person alone. */
function Shown({ shown, time, onPress }: { shown: ShownView; time: Time; onPress: OnPress }) {
  const { kind, ts, text, blocks } = shown
  return (
    <article class={`message shown ${kind}`}>
      <Mark author="Caretaker" />
      <div class="body">
        <p class="context">
          {kind === 'error' ? 'Slack' : 'Only visible to you'} ·{' '}
          <time dateTime={instantOf(ts)}>{time(instantOf(ts))}</time>
        </p>
        {blocks.length > 0 ? (
          <Blocks blocks={blocks} onPress={onPress} />
        ) : (
          <SlackText of={{ type: 'mrkdwn', text }} />
        )}
      </div>
    </article>
  )
}

function Mark({ author }: { author: string }) {
  if (author !== 'Caretaker') {
    return (
      <span class="mark person" aria-hidden="true">
        {author.slice(0, 1).toUpperCase()}
      </span>
    )
  }
  return (
    <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
      <rect width="16" height="16" rx="4" />
      <path d="M4.5 8.2l2.4 2.4 4.6-5" />
    </svg>
  )
}

import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChannelView, MessageView } from '../../view.ts'
import { minute } from '../time.ts'
import { Blocks } from './blocks.tsx'
import { SlackText } from './text.tsx'

/** The channels, as people would see them. */
export function SlackPane({ channels }: { channels: ChannelView[] }) {
  const [chosen, choose] = useState<string | undefined>()
  const shown = channels.find(({ name }) => name === chosen) ?? newestChannel(channels)
  return (
    <section id="slack" class="pane slack" aria-labelledby="slack-title" tabIndex={-1}>
      <div class="title">
        <h2 id="slack-title">Slack</h2>
        {channels.length > 0 && (
          <fieldset class="segments">
            <legend class="unseen">Channel</legend>
            {channels.map(({ name }) => (
              <label key={name}>
                <input
                  type="radio"
                  name="channel"
                  checked={name === shown?.name}
                  onChange={() => choose(name)}
                />
                <span>{name}</span>
              </label>
            ))}
          </fieldset>
        )}
      </div>
      {shown === undefined ? (
        <p class="empty">Caretaker has said nothing yet.</p>
      ) : (
        <Channel key={shown.name} channel={shown} />
      )}
    </section>
  )
}

/** The channel in which something was last posted or edited. */
const newestChannel = (channels: ChannelView[]): ChannelView | undefined =>
  channels.toSorted((a, b) => lastChange(b).localeCompare(lastChange(a)))[0]

const lastChange = ({ messages }: ChannelView): string =>
  messages
    .map((one) => one.editedAt ?? instantOf(one.ts))
    .toSorted()
    .at(-1) ?? ''

/** Slack names a message by the seconds since the epoch. */
const instantOf = (ts: string): string => new Date(Number(ts) * 1000).toISOString()

function Channel({ channel: { name, messages } }: { channel: ChannelView }) {
  const list = useRef<HTMLOListElement>(null)
  const last = messages.at(-1)
  const reads = `${last?.ts} ${last?.edits}`
  // The newest is at the bottom, and is scrolled to unless the reader has scrolled up.
  useEffect(() => {
    const scroller = list.current
    if (scroller === null || reads === '') return
    const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
    if (below < 400) scroller.scrollTop = scroller.scrollHeight
  }, [reads])
  return (
    <ol ref={list} class="messages" aria-label={`Messages in ${name}`}>
      {messages.map((message) => (
        <li key={message.ts}>
          <Message message={message} />
        </li>
      ))}
    </ol>
  )
}

function Message({ message }: { message: MessageView }) {
  const { ts, author, text, blocks, edits, replies } = message
  const at = instantOf(ts)
  // Only an edit made while the page is open is highlighted.
  const seen = useRef(edits)
  const isNew = edits > seen.current
  return (
    <article class="message">
      <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
        <rect width="16" height="16" rx="4" />
        <path d="M4.5 8.2l2.4 2.4 4.6-5" />
      </svg>
      <div key={edits} class={isNew ? 'body edited' : 'body'}>
        <p class="by">
          <strong>{author}</strong> <span class="app">APP</span>{' '}
          <time dateTime={at}>{minute(at)}</time>
        </p>
        {blocks.length > 0 ? (
          <Blocks blocks={blocks} />
        ) : (
          <SlackText of={{ type: 'mrkdwn', text }} />
        )}
        {edits > 0 && (
          <p class="edits" title={`Edited ${edits} times`}>
            (edited)
          </p>
        )}
        {replies.length > 0 && (
          <ol class="replies" aria-label={`${replies.length} replies`}>
            {replies.map((reply) => (
              <li key={reply.ts}>
                <Message message={reply} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </article>
  )
}

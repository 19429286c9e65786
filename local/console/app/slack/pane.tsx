import { useState } from 'preact/hooks'
import type { ChannelView, PersonView } from '../../view.ts'
import { instantOf } from '../time.ts'
import { Channel } from './channel.tsx'
import { Composer } from './composer.tsx'

type Props = {
  channels: ChannelView[]
  people: PersonView[]
  /** People in Slack see times of their own zone; these people live in the environment's. */
  timeZone: string
}

/** The channels, as people would see them; one may be any of these people. */
export function SlackPane({ channels, people, timeZone }: Props) {
  const [chosen, choose] = useState<string | undefined>()
  const [who, be] = useState<string | undefined>()
  const [said, say] = useState('')
  const shown = channels.find(({ name }) => name === chosen) ?? newestChannel(channels)
  const person = people.find(({ id }) => id === who) ?? people[0]
  return (
    <section id="slack" class="pane slack" aria-labelledby="slack-title" tabIndex={-1}>
      <div class="title">
        <h2 id="slack-title">Slack</h2>
        {person !== undefined && (
          <label class="who">
            <span>You are</span>
            <select value={person.id} onChange={({ currentTarget }) => be(currentTarget.value)}>
              {people.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
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
        <Channel key={shown.name} channel={shown} person={person} timeZone={timeZone} say={say} />
      )}
      {shown !== undefined && person !== undefined && (
        <Composer channel={shown.name} person={person} say={say} />
      )}
      <p class="unseen" role="status">
        {said}
      </p>
    </section>
  )
}

/** The channel in which something was last posted or edited. */
const newestChannel = (channels: ChannelView[]): ChannelView | undefined =>
  channels.toSorted((a, b) => lastChange(b).localeCompare(lastChange(a)))[0]

const lastChange = ({ messages }: ChannelView): string =>
  messages
    .flatMap((one) => [one, ...one.replies])
    .map((one) => one.editedAt ?? instantOf(one.ts))
    .toSorted()
    .at(-1) ?? ''

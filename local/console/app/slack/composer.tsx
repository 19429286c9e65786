import { useState } from 'preact/hooks'
import type { PersonView } from '../../view.ts'
import { ask } from '../connection.ts'

const EXAMPLES = ['/caretaker help', '/caretaker status', '/caretaker why orders']

/** Where a person types a command, or writes to the bot. */
export function Composer({
  channel,
  person,
  say,
}: {
  channel: string
  person: PersonView
  say(text: string): void
}) {
  const [typed, type] = useState('')
  const [failed, fail] = useState('')
  const send = (event: Event) => {
    event.preventDefault()
    const text = typed.trim()
    if (text === '') return
    fail('')
    type('')
    ask({ action: 'say', by: person.id, channel, text }).then(say, (error: Error) => {
      fail(error.message)
      say(error.message)
    })
  }
  return (
    <form class="composer" onSubmit={send}>
      <label>
        <span class="unseen">
          Write in {channel} as {person.name}
        </span>
        <input
          value={typed}
          list="commands"
          placeholder="/caretaker why orders"
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      </label>
      <datalist id="commands">
        {EXAMPLES.map((text) => (
          <option key={text} value={text} />
        ))}
      </datalist>
      <button type="submit">Send</button>
      {failed !== '' && <p class="bad">{failed}</p>}
    </form>
  )
}

import { useEffect, useRef, useState } from 'preact/hooks'
import { ask } from './connection.ts'

/** Something that a person may ask Caretaker for. */
export type Act = {
  /** On the button: `Sleep`. */
  label: string
  /** The command, as it is typed in a terminal: `sleep orders`. */
  text: string
  /** What it does, in a sentence, before it is done. */
  does: string
}

/** What was answered to the last act. */
export type Receipt = { text: string; isError: boolean }

/**
 * Asks the person first, then Caretaker, and says what it has answered.
 *
 * @param people e-mail addresses of who may ask: here one may be any of them.
 */
export function Asking({
  act,
  people,
  close,
}: {
  act: Act
  people: readonly string[]
  close(receipt: Receipt | undefined): void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [by, be] = useState(people[0] ?? '')
  const [isSent, send] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const confirm = () => {
    send(true)
    ask({ action: 'act', by, text: act.text }).then(
      (text) => close({ text, isError: false }),
      (error: Error) => close({ text: error.message, isError: true }),
    )
  }
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby="asking"
      onCancel={(event) => {
        event.preventDefault()
        if (!isSent) close(undefined)
      }}
    >
      <h3 id="asking">{act.label}</h3>
      <p>
        {act.does} The same in a terminal: <code>npm run caretaker -- {act.text}</code>
      </p>
      <label class="who">
        <span>You are</span>
        <select value={by} onChange={({ currentTarget }) => be(currentTarget.value)}>
          {people.map((email) => (
            <option key={email}>{email}</option>
          ))}
        </select>
      </label>
      <div class="actions">
        <button type="button" aria-disabled={isSent} onClick={() => !isSent && close(undefined)}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          aria-disabled={isSent}
          onClick={() => !isSent && confirm()}
        >
          {isSent ? 'Asking…' : act.label}
        </button>
      </div>
    </dialog>
  )
}

import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ActView } from '../service/view.ts'
import { ask } from './connection.ts'

/** What was answered to the last act. */
type Receipt = { text: string; isError: boolean }

type Asked = {
  ask(act: ActView, button: HTMLElement): void
  dialog: JSX.Element
  receipt: JSX.Element
}

/**
 * Buttons that ask for acts, on one page.
 *
 * @param people e-mail addresses of who may ask.
 * @returns what a button calls, the question while there is one, and where the answer is said.
 */
export function useActs(people: readonly string[]): Asked {
  const [act, open] = useState<ActView | undefined>()
  const [receipt, tell] = useState<Receipt | undefined>()
  const opener = useRef<HTMLElement | null>(null)
  // While the dialog is there, nothing behind it takes the focus.
  useEffect(() => {
    if (act === undefined) opener.current?.focus()
  }, [act])
  const close = (answer: Receipt | undefined) => {
    open(undefined)
    if (answer !== undefined) tell(answer)
  }
  return {
    ask: (asked, button) => {
      opener.current = button
      open(asked)
    },
    dialog: <>{act && <Asking act={act} people={people} close={close} />}</>,
    receipt: (
      <p class={receipt?.isError ? 'receipt bad' : 'receipt'} role="status">
        {receipt?.text}
      </p>
    ),
  }
}

/**
 * Asks the person first, then Caretaker, and says what it has answered.
 *
 * @param people e-mail addresses of who may ask: here one may be any of them.
 */
function Asking({
  act,
  people,
  close,
}: {
  act: ActView
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
        {act.does} The same in a terminal: <code>npx caretaker {act.text}</code>
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

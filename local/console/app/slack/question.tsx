import { useEffect, useRef } from 'preact/hooks'
import type { Question } from './blocks.tsx'

/** What Slack asks before it sends a press on. */
export function Asked({
  question: { title, text, confirm, deny },
  answer,
}: {
  question: Question
  answer(yes: boolean): void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-label={title.text}
      onCancel={(event) => {
        event.preventDefault()
        answer(false)
      }}
    >
      <h3>{title.text}</h3>
      <p>{text.text}</p>
      <div class="actions">
        <button type="button" onClick={() => answer(false)}>
          {deny.text}
        </button>
        <button type="button" class="primary" onClick={() => answer(true)}>
          {confirm.text}
        </button>
      </div>
    </dialog>
  )
}

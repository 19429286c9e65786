import { Modal } from '../modal.tsx'
import type { Question } from './blocks.tsx'

type Props = { question: Question; answer(yes: boolean): void }

/** What Slack asks before it sends a press on. */
export const Asked = ({ question: { title, text, confirm, deny }, answer }: Props) => (
  <Modal title={title.text} cancel={() => answer(false)}>
    <p>{text.text}</p>
    <div class="actions">
      <button type="button" onClick={() => answer(false)}>
        {deny.text}
      </button>
      <button type="button" class="primary" onClick={() => answer(true)}>
        {confirm.text}
      </button>
    </div>
  </Modal>
)

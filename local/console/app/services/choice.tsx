import { ORDERS, type Order, SHOWN, type Shown } from './order.ts'

export type Chosen = { words: string; shown: Shown; order: Order }

type Props = { chosen: Chosen; choose(chosen: Chosen): void }

/** Which services are listed, and in which order. */
export function Choice({ chosen, choose }: Props) {
  return (
    <div class="choice">
      <label>
        <span class="unseen">Only services and teams with</span>
        <input
          type="search"
          placeholder="Name or team"
          value={chosen.words}
          spellcheck={false}
          onInput={({ currentTarget }) => choose({ ...chosen, words: currentTarget.value })}
        />
      </label>
      <label>
        <span class="unseen">Which services</span>
        <select
          value={chosen.shown}
          onChange={({ currentTarget }) =>
            choose({ ...chosen, shown: currentTarget.value as Shown })
          }
        >
          {Object.entries(SHOWN).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">In which order</span>
        <select
          value={chosen.order}
          onChange={({ currentTarget }) =>
            choose({ ...chosen, order: currentTarget.value as Order })
          }
        >
          {Object.entries(ORDERS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

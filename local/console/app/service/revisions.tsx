import { useEffect, useState } from 'preact/hooks'
import { shortDigest } from '../../../../domain/image.ts'
import type { Revision } from '../../service/revisions.ts'
import { read } from '../connection.ts'
import type { Times } from '../time.ts'

type Props = { service: string; runs: string | undefined; times: Times }

/** What it ran and runs, and what differs between any two of these: image and settings. */
export function RevisionsPane({ service, runs, times: { say } }: Props) {
  const [revisions, set] = useState<Revision[] | undefined>()
  const [problem, tell] = useState('')
  // What runs has changed: there is another revision.
  useEffect(() => {
    read<Revision[]>('/revisions', { service }).then(
      (found) => {
        set(found)
        tell('')
      },
      (error: Error) => tell(error.message),
    )
  }, [service, runs])
  return (
    <section class="pane" aria-labelledby="revisions">
      <h3 id="revisions">Differences</h3>
      {problem && <p class="bad">{problem}</p>}
      {revisions?.length === 1 && (
        <p class="empty">It has one revision: there is nothing to compare.</p>
      )}
      {revisions?.length === 0 && <p class="empty">It has no revisions.</p>}
      {revisions && revisions.length > 1 && <Comparison revisions={revisions} say={say} />}
    </section>
  )
}

type ComparisonProps = { revisions: Revision[]; say(instant: string): string }

function Comparison({ revisions, say }: ComparisonProps) {
  const current = revisions.findIndex(({ isCurrent }) => isCurrent)
  const newer = Math.min(Math.max(current, 0), revisions.length - 2)
  const [chosen, choose] = useState<{ from?: string; to?: string }>({})
  const to = revisions.find(({ name }) => name === chosen.to) ?? revisions[newer]
  const from = revisions.find(({ name }) => name === chosen.from) ?? revisions[newer + 1]
  if (to === undefined || from === undefined) return null
  const words = ({ name, at, tag, isCurrent }: Revision) =>
    [name, tag, at && say(at), isCurrent && 'runs now'].filter(Boolean).join(', ')
  const select = (label: string, one: Revision, change: (name: string) => void) => (
    <label>
      <span>{label}</span>
      <select value={one.name} onChange={({ currentTarget }) => change(currentTarget.value)}>
        {revisions.map((each) => (
          <option key={each.name} value={each.name}>
            {words(each)}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <>
      <div class="compared">
        {select('From', from, (name) => choose({ ...chosen, from: name }))}
        {select('To', to, (name) => choose({ ...chosen, to: name }))}
      </div>
      <Changes from={from} to={to} />
    </>
  )
}

function Changes({ from, to }: { from: Revision; to: Revision }) {
  const names = [...new Set([...Object.keys(from.settings), ...Object.keys(to.settings)])]
  const changed = names.filter((name) => from.settings[name] !== to.settings[name]).toSorted()
  if (changed.length === 0) return <p class="empty">They do not differ.</p>
  return (
    <dl class="changes">
      {changed.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <del>{short(from.settings[name])}</del> <ins>{short(to.settings[name])}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** An image by the digits that people compare; what is not set says so. */
const short = (value: string | undefined): string =>
  value === undefined
    ? 'not set'
    : value.replace(/sha256:[0-9a-f]{64}/, (digest) => shortDigest(digest))

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Logged } from '../../source.ts'
import { read } from '../connection.ts'
import { Switch } from '../switch.tsx'
import { clock } from '../time.ts'

type Line = Logged['lines'][number]

/** Milliseconds between two looks while it is followed. */
const PAUSE = 5_000
/** Lines that stay on the page. */
const KEPT = 400

type Props = {
  /** Whose it is, in words. */
  of: string
  /** Where the console is asked for it, and what. */
  from: '/logs' | '/job-log'
  asked: Record<string, string>
  /** Whether it was asked for already. */
  isWanted?: boolean
}

/** The last lines of a task, once somebody asks for them, and those that come. */
export function LogsPane({ of, from, asked, isWanted = false }: Props) {
  const [log, setLog] = useState<Logged | undefined>()
  const [problem, tell] = useState('')
  const [follows, follow] = useState(false)
  const [isAsking, wait] = useState(false)
  const end = useRef<HTMLElement>(null)
  const look = async () => {
    wait(true)
    try {
      const at = log?.lines.at(-1)?.at
      const more = await read<Logged>(from, { ...asked, ...(at !== undefined && { since: at }) })
      setLog((before) => joined(before, more))
      tell('')
    } catch (error) {
      tell((error as Error).message)
    }
    wait(false)
  }
  useEffect(() => {
    if (isWanted) void look()
  }, [])
  useEffect(() => {
    if (!follows) return
    const due = setTimeout(() => void look(), PAUSE)
    return () => clearTimeout(due)
  }, [follows, log])
  // The newest line is at the end: that is where one reads.
  useEffect(() => end.current?.scrollTo(0, end.current.scrollHeight), [log])
  return (
    <section class="pane" aria-labelledby="logs">
      <div class="title">
        <h3 id="logs">Log</h3>
        <button type="button" aria-disabled={isAsking} onClick={() => !isAsking && void look()}>
          {log === undefined ? 'Show its last lines' : 'Show what came since'}
        </button>
        {log !== undefined && <Switch label="Follow" isOn={follows} turn={follow} />}
      </div>
      {problem && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {log && log.lines.length === 0 && <p class="empty">{log.says}</p>}
      {log && log.lines.length > 0 && (
        <>
          <p class="soft">Task {log.task}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
          <section ref={end} class="log" tabIndex={0} aria-label={`Log of ${of}`}>
            <pre>{log.lines.map(({ at, message }) => `${clock(at)}  ${message}`).join('\n')}</pre>
          </section>
        </>
      )}
    </section>
  )
}

/** Of the last instant some lines may come again; of another task all are new. */
function joined(before: Logged | undefined, more: Logged): Logged {
  if (before === undefined || before.task !== more.task) return more
  const last = before.lines.at(-1)?.at ?? ''
  const seen = before.lines.filter(({ at }) => at === last).length
  const again = more.lines.filter(({ at }) => at === last).slice(0, seen)
  const fresh = more.lines.filter((line: Line) => line.at >= last && !again.includes(line))
  return { ...more, lines: [...before.lines, ...fresh].slice(-KEPT) }
}

import { useEffect, useState } from 'preact/hooks'
import type { AskedAction } from '../actions.ts'
import type { View } from '../view.ts'

/** The view as it is now, and whether the server still sends it. */
export type Live = { view: View | undefined; connected: boolean }

/** Asks for something that is read only when somebody looks at it. @throws Error with why not. */
export async function read<Answer>(path: string, asked: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${path}?${new URLSearchParams(asked)}`)
  const answer = (await response.json()) as Answer & { error?: string }
  if (!response.ok) throw new Error(answer.error ?? `The console answered ${response.status}`)
  return answer
}

/** @param execution to be shown; the newest when undefined. @param service whose page is shown. */
export function useLive(execution: string | undefined, service: string | undefined): Live {
  const [live, setLive] = useState<Live>({ view: undefined, connected: true })
  useEffect(() => {
    const asked = Object.entries({ execution, service }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    const stream = new EventSource(`/events?${new URLSearchParams(asked)}`)
    stream.onmessage = ({ data }) => {
      // How long a page takes to be of use is counted from here.
      if (performance.getEntriesByName('data').length === 0) performance.mark('data')
      const changed = JSON.parse(String(data)) as Partial<View>
      setLive(({ view }) => ({ view: { ...view, ...changed } as View, connected: true }))
    }
    // The browser tries again by itself.
    stream.onerror = () => setLive(({ view }) => ({ view, connected: false }))
    return () => stream.close()
  }, [execution, service])
  return live
}

/** Makes something happen. Answers with what was done, or throws with what was wrong. */
export async function ask(action: AskedAction): Promise<string> {
  const response = await fetch('/do', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(action),
  }).catch(() => {
    throw new Error('The console does not answer: nothing is known to have been done')
  })
  const { done, error } = (await response.json()) as { done?: string; error?: string }
  if (done === undefined) throw new Error(error ?? `The console answered ${response.status}`)
  return done
}

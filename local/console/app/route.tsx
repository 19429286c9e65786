import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type Page, pageAt } from '../pages.ts'

const GONE = 'caretaker:gone'

/** The page at the browser's address, and its path. */
export function useRoute(): { path: string; page: Page | undefined } {
  const [path, follow] = useState(location.pathname)
  useEffect(() => {
    const look = () => follow(location.pathname)
    for (const event of ['popstate', GONE]) addEventListener(event, look)
    return () => {
      for (const event of ['popstate', GONE]) removeEventListener(event, look)
    }
  }, [])
  return { path, page: pageAt(path) }
}

/** Shows another page, without loading the console anew. */
function go(path: string): void {
  history.pushState(null, '', path)
  scrollTo(0, 0)
  dispatchEvent(new Event(GONE))
}

type LinkProps = { to: string; children: ComponentChildren; class?: string; current?: boolean }

/** A link to a page of the console. Opened in another tab or window it is loaded there. */
export function Link({ to, children, current = false, ...more }: LinkProps) {
  return (
    <a
      href={to}
      {...(current && { 'aria-current': 'page' as const })}
      {...more}
      onClick={(event) => {
        const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
        if (isElsewhere || event.button !== 0) return
        event.preventDefault()
        go(to)
      }}
    >
      {children}
    </a>
  )
}

/** Moves the focus to the heading of a page that was just gone to: the rest has changed around it. */
export function useHeadingFocus(path: string, id: string): void {
  const [first] = useState(path)
  const [isMoved, move] = useState(false)
  useEffect(() => {
    if (path === first && !isMoved) return
    move(true)
    document.getElementById(id)?.focus({ preventScroll: true })
  }, [path])
}

import { useEffect, useState } from 'preact/hooks'

/** Lower than any row: no window shows more of them at once than its height has of these. */
const LOWEST = 36

/** So many rows more with each time that the browser has nothing else to do. */
const MORE = 60

const inSight = () => Math.ceil(innerHeight / LOWEST)

/**
 * How many rows of a long table are drawn: first those that the window can show, so that a person
 * can read and press after as short a time with hundreds as with seven, then soon all others.
 *
 * @param rows of the whole table. @param asked what it lists: with another question it begins anew.
 */
export function useGrowing(rows: number, asked: string): number {
  const [grown, grow] = useState({ asked, to: inSight() })
  const to = grown.asked === asked ? grown.to : inSight()
  useEffect(() => {
    if (to >= rows) {
      performance.mark('whole')
      return undefined
    }
    const due = setTimeout(() => grow({ asked, to: to + MORE }))
    return () => clearTimeout(due)
  }, [asked, to, to >= rows])
  return to
}

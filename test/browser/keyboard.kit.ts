import type { Page } from 'playwright-core'

/** Where the Tab key has stopped. */
export type Stop = {
  /** As HTML, cut: enough to find it. */
  html: string
  /** Its place among all elements of the page, in reading order. */
  at: number
  /** Whether a person sees that it has the focus, and whether it is in the window at all. */
  isMarked: boolean
  isInSight: boolean
  /** The pane it is in, and where. */
  part: number
  top: number
  bottom: number
}

/** No page has as many stops: who comes so far walks in a circle. */
const MOST = 400

/** Presses Tab, or Shift-Tab, from the page's own beginning or end until the focus leaves the page. */
export async function walk(page: Page, key: 'Tab' | 'Shift+Tab'): Promise<Stop[]> {
  const stops: Stop[] = []
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  for (let count = 0; count < MOST; count++) {
    await page.keyboard.press(key)
    const stop = await page.evaluate(stopped)
    if (stop === null || stops.some(({ at }) => at === stop.at)) return stops
    stops.push(stop)
  }
  throw new Error(`After ${MOST} stops the Tab key has not left the page`)
}

/** Runs in the page. */
function stopped(): Stop | null {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const box = element.getBoundingClientRect()
  const part = element.closest('.pane, .top, .bar, .page-head, .crumbs, .jump, .skip')
  const all = [...document.querySelectorAll('*')]
  // A radio button of a bar is drawn by the words beside it.
  const drawn = [element, element.nextElementSibling].filter((one) => one !== null)
  return {
    html: element.outerHTML.slice(0, 140),
    at: all.indexOf(element),
    isMarked: drawn.some((one) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1.5
    }),
    isInSight:
      box.width > 0 &&
      box.right > 0 &&
      box.left < innerWidth &&
      box.bottom > 0 &&
      box.top < innerHeight,
    part: part === null ? -1 : all.indexOf(part),
    top: box.top + scrollY,
    bottom: box.bottom + scrollY,
  }
}

/**
 * Every control of the page that has a stop of its own, by its place in reading order. Of radio
 * buttons of one name the chosen one has it, of a drawing one state.
 */
export function controls(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('*')]
    return all.flatMap((element, place) => {
      const isControl = element.matches(
        'a[href], button, input, select, textarea, summary, [tabindex]',
      )
      const { tabIndex, disabled, type, checked } = element as HTMLInputElement
      if (!isControl || tabIndex < 0 || disabled || (type === 'radio' && !checked)) return []
      return (element as HTMLElement).checkVisibility() ? [place] : []
    })
  })
}

/** Neighbours within one pane of which the later stands above the earlier. */
export const upwards = (stops: readonly Stop[]): string[] =>
  stops.flatMap((stop, place) => {
    const before = stops[place - 1]
    if (before === undefined || before.part !== stop.part || stop.bottom > before.top) return []
    return [`${before.html} → ${stop.html}`]
  })

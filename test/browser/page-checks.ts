import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds wrong, as `rule: the first place`. https://github.com/dequelabs/axe-core */
export async function axeFindings(page: Page): Promise<string[]> {
  // By the debugger: the page itself runs no script but its own.
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
  })
}

/** Controls that a screen reader could not name, as HTML. */
export function namelessControls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, select, input, a, summary, img')]
      .filter((element) => {
        const labels = (element as HTMLInputElement).labels ?? []
        const label = [...labels].map(({ textContent }) => textContent).join('')
        const name = element.getAttribute('aria-label') ?? element.getAttribute('alt')
        return `${name ?? ''}${label}${element.textContent}`.trim() === ''
      })
      .map(({ outerHTML }) => outerHTML),
  )
}

/** Levels of headings in the order of the page. */
export function headingLevels(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, h3')].map(({ tagName }) => Number(tagName.slice(1))),
  )
}

export function repeatedIds(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    return ids.filter((id, index) => ids.indexOf(id) !== index)
  })
}

/** What the Tab key stops at, in its order, up to `stops`. */
export async function tabStops(page: Page, stops: number): Promise<string[]> {
  const names: string[] = []
  await page.locator('body').press('Tab')
  for (let stop = 0; stop < stops; stop++) {
    names.push(
      await page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement
        const label = element.labels?.[0]?.querySelector('span')?.textContent
        return (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim()
      }),
    )
    await page.keyboard.press('Tab')
  }
  return names
}

/**
 * Texts whose contrast with what is behind them is below 4.5 (WCAG 1.4.3), as `ratio text`.
 * Disabled controls are exempt there.
 */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const rgba = (colour: string): number[] => {
      if (canvas === null) return []
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      return [...canvas.getImageData(0, 0, 1, 1).data]
    }
    const luminance = (colour: number[]): number => {
      const [r = 0, g = 0, b = 0] = colour.map((one) => {
        const part = one / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const groundOf = (element: Element | null): number[] => {
      for (let one = element; one !== null; one = one.parentElement) {
        const ground = rgba(getComputedStyle(one).backgroundColor)
        if (ground[3] === 255) return ground
      }
      return [255, 255, 255, 255]
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const faint = new Set<string>()
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (parent === null || text === '' || parent.closest('.unseen, .emoji, :disabled, script'))
        continue
      const [a, b] = [rgba(getComputedStyle(parent).color), groundOf(parent)].map(luminance) as [
        number,
        number,
      ]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (ratio < 4.5) faint.add(`${ratio.toFixed(1)} ${text}`)
    }
    return [...faint]
  })
}

/** What stands out of its pane to the right, as HTML; what is scrolled within it does not. */
export function jutsOut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean => {
      for (let one = element; one !== null && !one.matches('.pane'); one = one.parentElement) {
        if (getComputedStyle(one).overflowX !== 'visible') return true
      }
      return false
    }
    return [...document.querySelectorAll('.pane')].flatMap((pane) => {
      const edge = pane.getBoundingClientRect().right
      return [...pane.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > edge + 0.5 && !scrolls(one))
        .map((one) => one.outerHTML.slice(0, 120))
    })
  })
}

/** Whether the page is wider than the window. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
}

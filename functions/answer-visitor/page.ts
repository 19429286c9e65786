import { createHash } from 'node:crypto'
import type { Part, Visit } from '../../domain/sleep/visit.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import type { Said } from './words.ts'

export type PageFacts = {
  visit: Visit
  said: Said
  environment: string
  /** Where the page looks for what is new. */
  look: string
  /** It asks for the wake by itself. */
  asks: boolean
  /** Where somebody signs in who wants to wake it; undefined where nobody need. */
  signIn?: string | undefined
}

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The page may load nothing, run this one script, and ask nobody but where it came from. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${hash(STYLE)}`,
  `script-src ${hash(SCRIPT)}`,
  'img-src data:',
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The whole page. Without scripts it opens itself anew while something is under way. */
export function page(facts: PageFacts): string {
  const { visit, said, environment, look, asks } = facts
  const title = `${said.title} · ${environment}`
  const again =
    visit.state === 'waking' || visit.state === 'awake'
      ? '<noscript><meta http-equiv="refresh" content="5"></noscript>'
      : ''
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex"><link rel="icon" href="data:,">',
    `<title>${escaped(title)}</title><style>${STYLE}</style>${again}</head>`,
    `<body><main id="page" data-look="${escaped(look)}" data-asks="${asks ? 'yes' : 'no'}">`,
    part(facts),
    `</main><script>${SCRIPT}</script></body></html>`,
  ].join('')
}

/** What the page shows anew. */
export function part({ visit, said, environment, signIn }: PageFacts): string {
  const [first = '', ...more] = said.sentences
  return [
    `<h1>${escaped(said.title)}</h1><p role="status">${escaped(first)}</p>`,
    ...more.map((sentence) => `<p>${escaped(sentence)}</p>`),
    tiers(visit),
    said.howLong === undefined ? '' : `<p>${escaped(said.howLong)}</p>`,
    button(visit, signIn),
    `<footer>Caretaker looks after the environment ${escaped(environment)}.</footer>`,
  ].join('')
}

const WORDS: Record<Part['state'], string> = {
  up: 'up',
  wakes: 'starting',
  waits: 'waiting',
  sleeps: 'asleep',
  stops: 'stopping',
}

function tiers({ tiers: all, state, service }: Visit): string {
  if (state === 'awake') return ''
  const parts = all.flat()
  const done = parts.filter((one) => one.state === 'up').length
  const bar =
    state === 'waking'
      ? `<progress max="${parts.length}" value="${done}" aria-label="${escaped(`${done} of ${parts.length} parts of ${service} are up`)}"></progress>`
      : ''
  const items = all.map((tier) => `<li><ul>${tier.map(row).join('')}</ul></li>`)
  return `<ol class="tiers" aria-label="What starts, in this order">${items.join('')}</ol>${bar}`
}

const row = ({ name, state }: Part): string =>
  `<li><span>${escaped(name)}</span><span class="state ${state}">${WORDS[state]}</span></li>`

/** For browsers without scripts; with them the page has asked already. */
function button({ state, refused, service }: Visit, signIn: string | undefined): string {
  if (refused !== undefined || state === 'waking' || state === 'awake') return ''
  // A link: the page may send forms to its own site only, and this leads on to another.
  if (signIn !== undefined) {
    return `<a class="button" href="${escaped(signIn)}">Sign in and wake ${escaped(service)}</a>`
  }
  return `<form method="post"><input type="hidden" name="caretaker" value="wake"><button>Wake ${escaped(service)}</button></form>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML shows it, in an element or a quoted attribute. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

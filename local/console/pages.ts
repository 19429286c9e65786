import { HOME } from '../../domain/console-pages.ts'

/** A page of the console, by its URL. */
export type Page =
  | { page: 'home' }
  | { page: 'team' | 'service' | 'job' | 'roll-out'; name: string }

const FOLDERS = {
  teams: 'team',
  services: 'service',
  jobs: 'job',
  'roll-outs': 'roll-out',
} as const

/** The page at a path; undefined where there is none. */
export function pageAt(path: string): Page | undefined {
  if (path === HOME) return { page: 'home' }
  const [, folder = '', last = '', ...more] = path.split('/')
  const name = decoded(last)
  if (!Object.hasOwn(FOLDERS, folder) || !name || more.length > 0) return undefined
  return { page: FOLDERS[folder as keyof typeof FOLDERS], name }
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

import type { Kind } from './resource.ts'

const WORDS: Record<Kind, string> = {
  service: 'service',
  instance: 'instance',
  database: 'database',
  cluster: 'database',
  group: 'group of instances',
}

/** The end of a resource's id, where nothing else says its name. */
export const shortName = (id: string): string => id.split('/').at(-1) ?? id

/** `orders (service)`, `shared (database)`. */
export function sayWhere(id: string, name: string): string {
  const word = WORDS[id.split('/')[0] as Kind]
  return word === undefined ? name : `${name} (${word})`
}

import type { Service } from './schema.ts'
import { PARTS, SECRET_PARTS, URLS } from './store-schema.ts'

/** A data store with parts that a file can give variables of its own to. */
export type Store = keyof typeof PARTS

/** A variable that `as` asks for. */
export type Connection = {
  store: Store
  name: string
  /** As it is written: a part's name, or a text. */
  written: string
  /** With its parts in braces: `{host}`, `postgresql://{username}…`. */
  text: string
  /** The names in its braces. */
  parts: string[]
  /** Whether nobody but the service should read it. */
  isSecret: boolean
}

const STORES = Object.keys(PARTS) as Store[]

/** The variables in which a service wants to find its data stores. */
export function connectionsOf({ as }: Pick<Service, 'as'>): Connection[] {
  return STORES.flatMap((store) =>
    Object.entries(as?.[store] ?? {}).map(([name, written]) => {
      const text = textOf(store, written)
      const parts = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, part = '']) => part)
      const isSecret = parts.some((part) => SECRET_PARTS.includes(part))
      return { store, name, written, text, parts, isSecret }
    }),
  )
}

function textOf(store: Store, written: string): string {
  if (written === 'url') return URLS[store]
  return (PARTS[store] as readonly string[]).includes(written) ? `{${written}}` : written
}

/** Whether a variable of a service is such a text: others may share it by its name. */
export const hasUrl = (service: Pick<Service, 'as'>, variable: string): boolean =>
  connectionsOf(service).some((one) => one.name === variable && isPutTogether(one))

/** Whether its text is a secret that is put together of another's parts: rotation would leave it behind. */
export const isPutTogether = ({ isSecret, text }: Connection): boolean =>
  isSecret && !/^\{\w+\}$/.test(text)

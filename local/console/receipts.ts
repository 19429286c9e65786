import { servicePartition } from '../../domain/table/keys.ts'
import type { Kept } from '../views/kept.ts'
import type { ReceiptSource } from './source.ts'

const PARTITION = servicePartition('')

/** What people have asked for, oldest first. */
export const receiptsOf = (kept: Kept): ReceiptSource[] =>
  kept
    .every('receipt')
    .map(({ key: { pk }, item }) => {
      const service = pk.startsWith(PARTITION) ? pk.split('/').at(-1) : undefined
      return { ...item, ...(service !== undefined && { service }) }
    })
    .toSorted((a, b) => a.at.localeCompare(b.at))

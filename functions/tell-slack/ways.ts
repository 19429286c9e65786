import type { Told } from '../../domain/acts/offers.ts'
import { rollOutPath, servicePath, teamPath } from '../../domain/console-pages.ts'
import { alarmAddress, executionAddress } from './links.ts'
import { link } from './markup.ts'
import type { Says } from './notice.ts'

/** Where somebody reads on, in words. */
type Way = { words: string; url: string }

/**
 * Pages of the console that are about a record, where the catalog says where the console is served
 * (`links.console`); else what AWS's own console has of it.
 */
export function waysOf(record: Told, { console }: Says): Way[] {
  if (console === undefined) return inAws(record)
  return pagesOf(record).map(({ words, path }) => ({ words, url: new URL(path, console).href }))
}

/** The same for the small print of a message. */
export const waysIn = (record: Told, says: Says): string[] =>
  // An alarm's and a failure's own address is in their small print already.
  says.console === undefined && record.kind !== 'roll-out'
    ? []
    : waysOf(record, says).map(({ url, words }) => link(url, words))

type Page = { words: string; path: string }

function pagesOf(record: Told): Page[] {
  switch (record.kind) {
    case 'roll-out':
      return [...ofRollOut(record.execution), ...ofService(record.detail.service)]
    case 'alarm':
    case 'missing-image':
    case 'tags-lost':
      return ofService(record.detail.service)
    case 'sleep':
    case 'sleep-fact':
    case 'savings':
    case 'tag-notice':
    case 'tag-report':
    case 'budget':
      return record.owner === ''
        ? []
        : [{ words: `page of ${record.owner}`, path: teamPath(record.owner) }]
    case 'failure':
      return ofRollOut(record.detail.arn)
    default:
      return []
  }
}

const ofService = (name: string | undefined): Page[] =>
  name === undefined ? [] : [{ words: `page of ${name}`, path: servicePath(name) }]

const ofRollOut = (execution: string): Page[] =>
  execution.includes(':execution:') ? [{ words: 'how it went', path: rollOutPath(execution) }] : []

function inAws(record: Told): Way[] {
  const url =
    record.kind === 'roll-out'
      ? executionAddress(record.execution)
      : record.kind === 'failure'
        ? executionAddress(record.detail.arn)
        : record.kind === 'alarm'
          ? alarmAddress(record.detail.arn, record.detail.name)
          : undefined
  const words = record.kind === 'alarm' ? 'alarm in AWS' : 'execution in AWS'
  return url === undefined ? [] : [{ words, url }]
}

import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { PRICE_LIST } from '../domain/price-list.ts'

/**
 * Reads the prices of `domain/price-list.ts` anew: `node scripts/prices.ts`. AWS publishes them for
 * everybody, without credentials: a file for each service and Region, in which a price is a line.
 * That of EC2 has some hundred megabytes, and takes a minute or two.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
const FILE = 'domain/price-list.ts'
const OFFERS = 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws'

type Lists = Pick<typeof PRICE_LIST, 'instance' | 'postgres' | 'mysql' | 'aurora'>
type List = keyof Lists
type Row = ReadonlyMap<string, string>
/** By type, as the list that they belong to. */
export type Found = { published: string; prices: Map<List, Map<string, number>> }

/** The lists in which each service's prices stand. */
const SERVICES: Readonly<Record<string, readonly List[]>> = {
  AmazonEC2: ['instance'],
  AmazonRDS: ['postgres', 'mysql', 'aurora'],
}

const ENGINES: Readonly<Record<string, List>> = {
  PostgreSQL: 'postgres',
  MySQL: 'mysql',
  'Aurora PostgreSQL': 'aurora',
}

/** A line of a published list does not say what is looked for in it. */
export class UnknownForm extends Error {
  override readonly name = 'UnknownForm'
}

/**
 * The prices by the hour in a published list: some lines about the file, the columns' names, then a
 * price a line.
 *
 * @throws UnknownForm where the file has no columns of these names.
 */
export async function pricesIn(lines: AsyncIterable<string> | Iterable<string>): Promise<Found> {
  const found: Found = { published: '', prices: new Map() }
  let columns: string[] | undefined
  for await (const line of lines) {
    const cells = cellsOf(line)
    if (cells[0] === 'Publication Date') found.published = (cells[1] ?? '').slice(0, 10)
    if (cells[0] === 'SKU') columns = cells
    else if (columns !== undefined) {
      const row = new Map(columns.map((name, place) => [name, cells[place] ?? '']))
      const list = listOf(row)
      if (list === undefined) continue
      const prices = found.prices.get(list) ?? new Map<string, number>()
      found.prices.set(
        list,
        prices.set(row.get('Instance Type') ?? '', Number(row.get('PricePerUnit'))),
      )
    }
  }
  if (columns === undefined || found.published === '') {
    throw new UnknownForm(
      'the list has no publication date, or no line of columns that begins with SKU',
    )
  }
  return found
}

/** Every cell is quoted; a quote in one is doubled. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'))

function listOf(row: Row): List | undefined {
  const is = (column: string, value: string) => row.get(column) === value
  if (!is('TermType', 'OnDemand') || !is('Unit', 'Hrs') || !is('Currency', 'USD')) return undefined
  if (is('Operating System', 'Linux')) {
    const isPlain = is('Tenancy', 'Shared') && is('Pre Installed S/W', 'NA')
    return isPlain && is('CapacityStatus', 'Used') ? 'instance' : undefined
  }
  if (!is('Product Family', 'Database Instance') || !is('Deployment Option', 'Single-AZ')) {
    return undefined
  }
  // Another way to pay for Aurora: dearer by the hour, without a price for what is read and written.
  if (/IOOptimized/i.test(row.get('usageType') ?? '')) return undefined
  return ENGINES[row.get('Database Engine') ?? '']
}

/**
 * The file with new prices for the types that it has.
 *
 * @throws UnknownForm naming a type that AWS lists no more: it is taken out by hand.
 */
export function fileWith(found: readonly Found[], lists: Lists = PRICE_LIST): string {
  const prices = new Map(found.flatMap((one) => [...one.prices]))
  const read = found.map(({ published }) => published).toSorted()[0] ?? ''
  const listed = (Object.values(SERVICES).flat() as List[]).map((name) => {
    const lines = Object.keys(lists[name]).map((type) => {
      const price = prices.get(name)?.get(type)
      if (price === undefined || !(price > 0))
        throw new UnknownForm(`no price of ${type} (${name})`)
      return `    '${type}': ${price},`
    })
    return [`  ${name}: {`, ...lines, '  },'].join('\n')
  })
  return `${HEAD}  read: '${read}',\n  region: '${PRICE_LIST.region}',\n${listed.join('\n')}\n} as const\n`
}

const HEAD = `/**
 * What an hour of a machine costs at list price, in US dollars, us-east-1, on demand, Linux.
 * \`node scripts/prices.ts\` reads it anew from what AWS publishes, and writes this file.
 *
 * - https://aws.amazon.com/ec2/pricing/on-demand/
 * - https://aws.amazon.com/rds/postgresql/pricing/, /mysql/, /aurora/ (single zone)
 */
export const PRICE_LIST = {
`

async function published(service: string): Promise<Found> {
  const url = `${OFFERS}/${service}/current/${PRICE_LIST.region}/index.csv`
  const answer = await fetch(url)
  if (!answer.ok || answer.body === null) throw new UnknownForm(`${url} answered ${answer.status}`)
  return pricesIn(createInterface({ input: Readable.fromWeb(answer.body) }))
}

if (import.meta.main) {
  const found: Found[] = []
  for (const service of Object.keys(SERVICES)) found.push(await published(service))
  writeFileSync(FILE, fileWith(found))
}

import {
  DescribeTaskDefinitionCommand,
  type DescribeTaskDefinitionCommandInput,
  ListTaskDefinitionsCommand,
  type ListTaskDefinitionsCommandInput,
} from '@aws-sdk/client-ecs'
import {
  type ShownCatalog,
  type ShownEnvironment,
  shownCatalog,
  shownEnvironment,
  shownOfService,
} from '../../domain/acts/show.ts'
import { jobToRun } from '../../local/console/actions.ts'
import type { JobView } from '../../local/console/job/view.ts'
import { loggedOf, logsCommand } from '../../local/console/service/logs.ts'
import { type Revision, readRevisions } from '../../local/console/service/revisions.ts'
import type { Logged, Reader, Seen, Source, Watching } from '../../local/console/source.ts'
import { Kept } from '../../local/views/kept.ts'
import { explained } from '../asking/configuration.ts'
import type { Place } from '../asking/place.ts'
import { Problem } from '../problem.ts'
import { type Clients, clientsOf, shownBy } from './clients.ts'
import { type Account, ofRecords, seenOf } from './seen.ts'
import { troubleOf } from './trouble.ts'

type Options = {
  /** Why nobody may act through this console; absent where the caller may, as the catalog says. */
  onlyReads?: string
  /** An IANA zone: of the machine it runs on. */
  zone: string
  /** Milliseconds between two readings while somebody looks. */
  interval?: number
}

/** A reading asks for some hundred items: often enough to follow a roll-out, and cents a day. */
const INTERVAL_MS = 10_000
/** After failures it is asked less and less often, and no less than that. */
const LONGEST_MS = 120_000

/**
 * A real account as the console's source: read through the entrance that AWS signs, and with the
 * caller's own rights what the entrance does not have. It is read while somebody looks, one reading at
 * a time, and never changes anything but by `act`.
 */
export class AccountSource implements Source {
  readonly #place: Place
  readonly #options: Options
  readonly #listeners = new Set<() => void>()
  readonly #revisions = new Map<string, Revision>()
  #clients: Clients | undefined
  #known: ShownCatalog
  #shown: ShownEnvironment
  #seen: Seen
  /** When it was read last, by this machine's clock, and how often in a row it could not be. */
  #readAt = Date.now()
  #failures = 0
  #trouble: string | undefined
  #reading: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  /** What viewers look at, by what it is: read once for each reading. */
  readonly #more = new Map<string, Promise<Partial<Seen>>>()

  private constructor(
    place: Place,
    options: Options,
    clients: Clients,
    read: Omit<Account, 'reader'>,
  ) {
    this.#place = place
    this.#options = options
    this.#clients = clients
    this.#known = read.known
    this.#shown = read.shown
    this.#seen = seenOf({ ...read, reader: this.reader() })
  }

  /** @throws Problem when there are no credentials, no environment, or AWS lets nobody in. */
  static async open(place: Place, options: Options): Promise<AccountSource> {
    const clients = await clientsOf(place, options.interval ?? INTERVAL_MS)
    const known = await shownBy(clients.entrance, 'catalog', shownCatalog)
    const shown = await shownBy(clients.entrance, 'environment', shownEnvironment)
    const alarms = await clients.alarms.read(Date.now()).catch(() => undefined)
    return new AccountSource(place, options, clients, { known, shown, alarms })
  }

  get environment() {
    const { region, environment: name } = this.#place
    const { account, catalog } = this.#known
    return { name, region, account, timeZone: catalog.timeZone }
  }

  /** Of the last reading, by the clock of what was read. */
  now = (): Date => new Date(this.#shown.at)

  reader = (): Reader => ({
    who: this.#known.who,
    ...(this.#options.onlyReads !== undefined && { onlyReads: this.#options.onlyReads }),
    ...(this.#trouble !== undefined && { trouble: this.#trouble }),
  })

  see = async (): Promise<Seen> => {
    if (Date.now() - this.#readAt >= this.#pause) await this.#read()
    return this.#seen
  }

  more = ({ execution, service }: Watching): Promise<Partial<Seen>> => {
    const key = JSON.stringify([execution, service])
    const found = this.#more.get(key) ?? this.#readMore(execution, service)
    this.#more.set(key, found)
    return found
  }

  onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#timer ??= setTimeout(() => void this.#turn(), this.#pause)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  act = async ({ text }: { text: string }): Promise<string> => {
    const { onlyReads } = this.#options
    if (onlyReads !== undefined) throw new Problem(onlyReads)
    const { entrance, jobs } = await this.#ready()
    const job = jobToRun(text)
    if (job !== undefined) {
      return this.#asked(() => jobs.start(job, this.#known.who.name, this.#seen))
    }
    const answer = await entrance({ text, zone: this.#options.zone })
    if (answer.outcome === 'refused') throw new Problem(answer.text)
    this.#soon()
    return answer.text
  }

  logs = async (service: string, since?: string): Promise<Logged> => {
    const { entrance } = await this.#ready()
    const text = logsCommand(service, since)
    return loggedOf(await entrance({ text, zone: this.#options.zone }))
  }

  revisions = async (service: string): Promise<readonly Revision[]> => {
    const found = this.#shown.services.find(({ id }) => id.split('/').at(-1) === service)
    if (found === undefined) return []
    return this.#asked(({ ecs }) => {
      const reads = {
        list: (input: ListTaskDefinitionsCommandInput) =>
          ecs.send(new ListTaskDefinitionsCommand(input)),
        describe: (input: DescribeTaskDefinitionCommandInput) =>
          ecs.send(new DescribeTaskDefinitionCommand(input)),
      }
      return readRevisions(reads, found.taskDefinition, this.#revisions)
    })
  }

  job = async (name: string): Promise<JobView | null> =>
    this.#asked(({ jobs }) => jobs.see(name, this.#seen, new Date(this.#shown.at)))

  jobLog = (name: string, task: string, since?: string): Promise<Logged> =>
    this.#asked(({ jobs }) => jobs.log(name, task, since))

  /** With the caller's own rights. @throws Problem with which of them AWS asks for. */
  async #asked<Answer>(ask: (clients: Clients) => Promise<Answer>): Promise<Answer> {
    try {
      return await ask(await this.#ready())
    } catch (error) {
      this.#clients = undefined
      throw explained(error, this.#place)
    }
  }

  /** The pause before the next reading: longer after each failure. */
  get #pause(): number {
    const { interval = INTERVAL_MS } = this.#options
    return Math.min(interval * 2 ** this.#failures, Math.max(interval, LONGEST_MS))
  }

  async #turn(): Promise<void> {
    await this.#read()
    for (const listener of this.#listeners) listener()
    if (this.#listeners.size === 0) return
    this.#timer = setTimeout(() => void this.#turn(), this.#pause)
  }

  /** Something was done: what came of it is read before its time. */
  #soon(): void {
    this.#more.clear()
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#turn(), 0)
  }

  /** One reading; whoever asks meanwhile waits for the same. What fails is told, and nothing else changes. */
  #read(): Promise<void> {
    this.#reading ??= this.#readAll()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#reading = undefined
        this.#readAt = Date.now()
        this.#more.clear()
      })
    return this.#reading
  }

  async #readAll(): Promise<void> {
    const { entrance, alarms } = await this.#ready()
    const shown = await shownBy(entrance, 'environment', shownEnvironment)
    const read = await alarms.read(Date.now()).catch(() => undefined)
    this.#shown = shown
    this.#failures = 0
    this.#trouble = shown.problems.length === 0 ? undefined : shown.problems.join(' ')
    const about = { known: this.#known, shown, alarms: read, reader: this.reader() }
    this.#seen = seenOf(about)
  }

  #failed(error: unknown): void {
    this.#failures++
    // Credentials may be others by then: somebody has signed in again.
    this.#clients = undefined
    this.#trouble = troubleOf(error, this.#pause)
    this.#seen = { ...this.#seen, reader: this.reader() }
  }

  async #ready(): Promise<Clients> {
    this.#clients ??= await clientsOf(this.#place, this.#options.interval ?? INTERVAL_MS)
    return this.#clients
  }

  async #readMore(
    execution: string | undefined,
    service: string | undefined,
  ): Promise<Partial<Seen>> {
    const own = service === undefined ? {} : await this.#ofService(service)
    const records = own.executions ?? this.#seen.executions
    const arn = this.#arnOf(execution) ?? records.at(-1)?.arn
    if (arn === undefined) return own
    try {
      const { executions } = await this.#ready()
      const read = await executions.read(arn)
      const others = records.filter((one) => one.arn !== arn)
      return { ...own, executions: read === undefined ? others : [...others, read] }
    } catch (error) {
      const unread = `The execution cannot be read: ${troubleOf(error, this.#pause)}`
      return { ...own, executions: records.filter((one) => one.arn !== arn), unread }
    }
  }

  #arnOf(named: string | undefined): string | undefined {
    if (named === undefined || named.startsWith('arn:')) return named
    const found = this.#seen.executions.find(({ arn }) => arn.endsWith(`:${named}`))
    const machine = this.#known.rollOut.replace(':stateMachine:', ':execution:')
    return found?.arn ?? `${machine}:${named}`
  }

  /** Its history, and which commit runs. */
  async #ofService(service: string): Promise<Partial<Seen>> {
    const found = this.#shown.services.find(({ id }) => id.split('/').at(-1) === service)
    if (found === undefined) return {}
    try {
      const { entrance } = await this.#ready()
      const { items, labels } = await shownBy(entrance, { service: found.id }, shownOfService)
      const all = new Map(
        [...this.#shown.items, ...items].map((one) => [`${one.pk} ${one.sk}`, one]),
      )
      return { ...ofRecords(Kept.of([...all.values()]), this.#known), labels }
    } catch (error) {
      return { unread: `Its history cannot be read: ${troubleOf(error, this.#pause)}` }
    }
  }
}

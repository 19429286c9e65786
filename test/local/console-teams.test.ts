import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { budgetOrder } from '../../domain/budgets/order.ts'
import { teamPath } from '../../domain/console-pages.ts'
import type { BudgetRecord } from '../../domain/table/budget-record.ts'
import type { BudgetState } from '../../domain/table/budget-state.ts'
import { budgetKey } from '../../domain/table/keys.ts'
import type { TagCase } from '../../domain/table/tag-case.ts'
import { nextStep, reportsUntil } from '../../domain/tagging/ladder.ts'
import { pageAt } from '../../local/console/pages.ts'
import { teamsView } from '../../local/console/teams/teams.ts'
import type { TeamsReport } from '../../local/views/teams.ts'
import { NOTHING, ORDERS } from '../kits/console.ts'

const NOW = new Date('2026-03-20T09:00:00Z')
const BUDGET = 'dev-ordering-1a2b3c'

const PEOPLE = { roles: [] }
const NOBODY = { ...PEOPLE, members: [] }

/** What is kept of `ordering`, with a budget of $250 a month and tags that are watched. */
const kept = (more: Partial<TeamsReport> = {}, features: object = {}): TeamsReport => ({
  ...NOTHING.teams,
  catalog: {
    ...NOTHING.teams.catalog,
    teams: {
      platform: { channel: '#dev-environment', ...NOBODY },
      ordering: { channel: '#ordering', ...PEOPLE, members: [{ email: 'bob@example.com' }] },
    },
    operators: { ...PEOPLE, members: [{ email: 'olga@example.com' }] },
    services: {
      orders: {
        ...{ team: 'ordering', cluster: 'dev-backend', kind: 'api', circuit: true },
        ...{ missingTasks: 'look', dependsOn: [], schedule: 'office-hours' },
        ...{ importance: 'normal', sleepsForBudget: true },
      },
    },
    budgets: [
      { name: BUDGET, team: 'ordering', owner: 'ordering', limit: 250, ceiling: 300, asks: false },
      { name: 'dev-0a0b0c', owner: 'platform', limit: 600, ceiling: 720, asks: false },
    ],
    tags: {
      ...{ watch: ['ec2:instance'], where: 'environment', required: {} },
      ladder: { upTo: 'stop', markAfter: 3, stopAfter: 7 },
    },
    features: { sleep: 'act', tags: 'act', budgets: 'act', health: 'off', ...features },
  },
  ...more,
})

function ordering(report: TeamsReport, now = NOW, more: Partial<typeof NOTHING> = {}) {
  const found = teamsView({ ...NOTHING, ...more, teams: report }, now).find(
    ({ name }) => name === 'ordering',
  )
  if (found === undefined) throw new Error('There is no team ordering')
  return found
}

const state = (more: Partial<BudgetState> = {}): BudgetState => ({
  ...{ version: 1, revision: 1, name: BUDGET, month: '2026-03', limit: 250, spent: 82 },
  ...{ changedAt: '2026-03-20T00:00:00Z', rung: 'none', saidUnknown: false, figures: [] },
  ...more,
})

describe('the budget of a team', () => {
  const shown = (one: BudgetState | undefined, features = {}) =>
    ordering(kept({ budgets: one === undefined ? [] : [one] }, features)).budgets[0]

  test.each<[what: string, one: BudgetState | undefined, line: string, unknown: RegExp]>([
    ['that was never looked at', undefined, 'budget not looked at yet', /AWS was not asked yet/],
    ['of which AWS shows zero', state({ spent: 0 }), 'no figures yet', /billing does not know/],
  ])('%s is not known: never $0', (_, one, line, unknown) => {
    const budget = shown(one)
    expect(budget?.line).toEqual({ says: line, tone: 'quiet' })
    expect(budget?.unknown).toMatch(unknown)
    expect(budget?.figure).toBeUndefined()
    expect(JSON.stringify(budget)).not.toContain('$0')
  })

  test('that nobody may look at is said to be so', () => {
    expect(shown(undefined, { budgets: 'off' })).toMatchObject({
      line: { says: 'budget not looked at' },
      unknown: 'Nothing is known: Caretaker does not ask AWS.',
    })
  })

  test.each<[spent: number, tone: string]>([
    [199.99, 'good'],
    [200, 'held'],
    [249.99, 'held'],
    [250, 'bad'],
  ])('with $%d spent of $250 is shown as %s', (spent, tone) => {
    expect(shown(state({ spent }))?.line.tone).toBe(tone)
  })

  it('says the forecast, or why there is none', () => {
    expect(shown(state({ forecast: 240 }))?.forecast).toBe(
      'AWS expects $240.00 by the end of the month.',
    )
    expect(shown(state())?.forecast).toContain('There is no forecast: AWS gives none')
    const early = ordering(kept({ budgets: [state({ forecast: 240 })] }), new Date('2026-03-03'))
    expect(early.budgets[0]?.forecast).toContain('the month is younger than six days')
    expect(early.budgets[0]?.figure?.forecastShare).toBeUndefined()
  })

  it('says a limit that AWS has otherwise, and figures that may be of the month before', () => {
    const notes = shown(state({ limit: 400, lastMonth: 260 }))?.notes
    expect(notes?.join(' ')).toContain('AWS says $400.00 a month, the catalog $250.00')
    expect(notes?.join(' ')).toContain('the month before')
  })

  it('is beside the environment’s on the page of who is told of that', () => {
    const teams = teamsView({ ...NOTHING, teams: kept() }, NOW)
    expect(teams.map(({ budgets }) => budgets.map(({ about }) => about))).toEqual([
      ['dev'],
      ['ordering'],
    ])
  })
})

const step = (verdict: BudgetRecord['verdict'], more: Partial<BudgetRecord['detail']> = {}) =>
  ({
    ...budgetKey(BUDGET, `2026-03#${verdict}#250`),
    ...{ version: 1, kind: 'budget', verdict, subject: 'ordering', owner: 'ordering' },
    ...{ at: '2026-03-19T09:00:00Z', reason: '', execution: '' },
    detail: {
      ...{ month: '2026-03', limit: 250, catalogLimit: 250, spent: 260, couldSleep: [], grown: [] },
      ...{ choices: [], changedAt: '2026-03-19T09:00:00Z', ...more },
    },
  }) as BudgetRecord

describe('what was done because of a budget', () => {
  const steps = (...all: BudgetRecord[]) =>
    ordering(kept({ budgets: [state({ spent: 260 })], steps: all })).budgets[0]?.steps

  it('says what is held, where it was told, and what ends it', () => {
    const told = { channel: '#ordering', at: '2026-03-19T09:00:20Z' }
    const report = kept({
      budgets: [state()],
      steps: [step('over', { frozenUntil: '2026-04-01T00:00:00.000Z' })],
      told: ({ pk }) => (pk === `budget#${BUDGET}` ? told : undefined),
    })
    expect(ordering(report).budgets[0]?.steps).toEqual([
      expect.objectContaining({
        says: 'All of it is spent ($260.00 of $250.00): roll-outs of ordering are held',
        undo: expect.stringContaining('The hold ends at 2026-04-01T00:00:00.000Z'),
        told,
      }),
    ])
  })

  it('says what sleeps for it, or what could', () => {
    const plan = {
      ...{ ceiling: 300, ends: 322.4, endsThen: 297, passed: [] },
      sleeps: [{ name: 'reports', usd: 14 }],
    }
    const when = { from: '2026-03-20T09:30:00.000Z', until: '2026-04-01T00:00:00.000Z' }
    expect(steps(step('sleeps', { plan: { ...plan, ...when } }))?.[0]).toMatchObject({
      says: expect.stringMatching(/ends at \$322\.40, above \$300\.00: from .* sleep: reports$/),
      undo: expect.stringContaining('They sleep until 2026-04-01T00:00:00.000Z'),
    })
    expect(steps(step('asks', { plan }))?.[0]?.says).toContain('were not put to sleep: reports')
  })

  it('says what costs more than before', () => {
    const grown = [{ name: 'Amazon RDS', before: 1.2, now: 9.4 }]
    expect(steps(step('near', { grown }))?.[0]?.grown).toBe(
      'A day costs more than a week before: Amazon RDS $9.40 (was $1.20).',
    )
  })

  it('says of a step that is over what has ended it', () => {
    const raised = { ...step('over', { undone: 'raised' }), endedAt: '2026-03-20T08:00:00Z' }
    expect(steps(raised)?.[0]).toMatchObject({
      undo: 'Over: the budget was raised.',
      endedAt: '2026-03-20T08:00:00Z',
    })
  })

  it('says a step that this page does not know by its record', () => {
    const asleep = { ...step('near'), verdict: 'asleep', reason: 'orders sleeps until 1 Apr' }
    expect(steps(asleep as unknown as BudgetRecord)?.[0]?.says).toBe(
      'asleep ($260.00 of $250.00): orders sleeps until 1 Apr',
    )
  })

  it('is not mixed up with the steps of another budget', () => {
    expect(steps({ ...step('near'), pk: 'budget#dev-0a0b0c' })).toEqual([])
  })
})

describe('what is held', () => {
  const until = '2026-04-01T00:00:00.000Z'
  const freeze = (by: string) => ({ until, by, reason: 'a reason' })
  const holds = (more: Partial<TeamsReport>) => ordering(kept(more)).holds

  it('is nothing, where nothing is', () => {
    expect(holds({})).toEqual([])
  })

  it('is said once for each hold, with who holds it and what ends it', () => {
    const found = holds({
      environment: {
        version: 1,
        frozen: freeze('olga'),
        frozenTeams: { ordering: freeze('bob'), platform: freeze('pat') },
        budgetFrozen: { ordering: freeze('the budget of ordering') },
      },
      services: new Map([
        [
          'dev-backend/orders',
          { version: 1, generation: 1, pinned: { by: 'bob', reason: 'the demo' } },
        ],
        [
          'dev-frontend/web',
          { version: 1, generation: 1, pinned: { by: 'ann', reason: 'another team’s' } },
        ],
      ]),
    })
    expect(found.map(({ about, ends }) => [about, ends.split(' ').slice(0, 3).join(' ')])).toEqual([
      ['roll-outs of all of dev', '`thaw` ends it'],
      ['roll-outs of ordering', '`thaw ordering` ends'],
      ['roll-outs of ordering', 'It ends with'],
      ['roll-outs of orders', '`unpin orders` ends'],
    ])
    expect(found[2]?.says).toContain('the budget of ordering froze roll-outs until')
  })

  it('is also what its budget has put to sleep and is no service', () => {
    const seen = { id: 'database/dev-shared', service: undefined }
    const words = { from: '2026-03-20T08:00:00Z', until, why: 'all of it is spent' }
    const orders = ['ordering', 'platform'].map((team) => budgetOrder(seen, team, words))
    expect(
      ordering(kept({}), NOW, { sleep: { ...NOTHING.sleep, overrides: orders } }).holds.map(
        ({ about, says }) => [about, says],
      ),
    ).toEqual([
      [
        'database/dev-shared',
        expect.stringContaining('the budget of ordering has put it to sleep'),
      ],
    ])
  })

  it('is said too where its end cannot be read, for it holds', () => {
    const [hold] = holds({ environment: { version: 1, frozen: { until: 'tomorrow', by: 'bob' } } })
    expect(hold?.says).toContain('"tomorrow", is no date')
  })

  it('is over when its end has come', () => {
    const ended = { until: '2026-03-20T08:59:00Z', by: 'bob', reason: '' }
    expect(holds({ environment: { version: 1, frozen: ended } })).toEqual([])
  })
})

const ID = 'instance/i-0123456789abcdef0'
const NOTICE = (what: string) => ({ pk: 'tag-notice#ordering', sk: `tag-notice#${what}#${ID}` })

const lacking = (more: Partial<TagCase> = {}): TagCase => ({
  ...{ version: 1, id: ID, arn: '', type: 'ec2:instance', name: 'i-0123456789abcdef0' },
  ...{ owner: 'ordering', wrote: {}, left: ['cost-center is missing: [0-9]{4}'] },
  since: '2026-03-10T05:30:00.000Z',
  ...more,
})

describe('the tags of a team', () => {
  const since = '2026-02-01T05:30:00.000Z'
  const counted = { ordering: { complete: 6, total: 7 } }
  const looked = { version: 1, since, reported: '2026-03-16', company: {}, teams: counted }
  const tags = (cases: TagCase[], more: Partial<TeamsReport> = {}, features = {}, now = NOW) =>
    ordering(kept({ tags: looked, cases, ...more }, features), now).tags

  it('says how many are complete, and what is missing on what', () => {
    const {
      line,
      counted: shown,
      cases,
    } = tags([lacking(), lacking({ id: 'x', owner: 'platform' })])
    expect(line).toEqual({ says: '1 resource lacks tags', tone: 'held' })
    expect(shown).toEqual({ complete: 6, total: 7, percent: 85, week: '2026-03-16' })
    expect(cases.map(({ name, left }) => [name, ...left])).toEqual([
      ['i-0123456789abcdef0', 'cost-center is missing: [0-9]{4}'],
    ])
  })

  it('says that nothing was looked at, where nothing was', () => {
    expect(tags([], { tags: undefined }).line.says).toBe('tags not looked at yet')
    expect(tags([], {}, { tags: 'off' }).line.says).toBe('tags not watched')
  })

  it('shows what was made just now to whom has made it, before anybody has looked', () => {
    const { since: _, ...fresh } = lacking({ left: [], owner: '' })
    const creator = { kind: 'person' as const, name: 'bob@example.com', at: '2026-03-20T08:00:00Z' }
    const [shown] = tags([{ ...fresh, creator }]).cases
    expect(shown).toMatchObject({ by: 'bob@example.com', since: '2026-03-20T08:00:00Z' })
    expect(shown?.next).toEqual({ says: 'its tags are looked at', at: '2026-03-21T05:30:00.000Z' })
  })

  it('says who was told where, and the day of the next step', () => {
    const tell = { at: '2026-03-18T05:30:00Z', notice: NOTICE('tell') }
    const told = { channel: '#ordering', at: '2026-03-18T05:31:00Z' }
    const [shown] = tags([lacking({ tell })], { told: () => told }).cases
    expect(shown?.done).toEqual([{ says: 'told in #ordering', at: '2026-03-18T05:31:00Z' }])
    // Three days from the message that Slack has taken.
    expect(shown?.next).toEqual({
      says: 'it is marked with a date',
      at: '2026-03-22T05:30:00.000Z',
    })
  })

  it('promises no date while Slack has not taken the message, nor where the ladder ends', () => {
    const tell = { at: '2026-03-18T05:30:00Z', notice: NOTICE('tell') }
    const [waits] = tags([lacking({ tell })]).cases
    expect(waits?.done[0]?.says).toBe('told; Slack has not taken the message')
    expect(waits?.next).toEqual({ says: 'nothing more: nobody was told yet' })
    const told = { channel: '#ordering', at: '2026-03-18T05:31:00Z' }
    const [ends] = tags([lacking({ tell })], { told: () => told }, { tags: 'tell' }).cases
    expect(ends?.next).toEqual({ says: 'nothing more: the ladder ends with the message' })
  })

  it('goes no further for what nobody can mend by tagging it', () => {
    const tell = { at: '2026-03-10T05:30:00Z', notice: NOTICE('tell') }
    const told = { channel: '#ordering', at: '2026-03-10T05:31:00Z' }
    const left = ['caretaker:owner was written twice, and taken off twice']
    const [shown] = tags([lacking({ tell, left })], { told: () => told }).cases
    expect(shown?.next.says).toBe('nothing more: the ladder ends with the message')
  })

  it('promises no stop of what is never stopped, and says why', () => {
    const [tell, mark] = ['tell', 'mark'].map((what) => ({ at: since, notice: NOTICE(what) }))
    const told = { channel: '#ordering', at: '2026-03-10T05:31:00Z' }
    const due = '2026-03-18T05:30:00.000Z'
    const marked = { ...(tell && { tell }), ...(mark && { mark }), due }
    const [stops] = tags([lacking(marked)], { told: () => told }).cases
    expect(stops?.next.says).toBe('it is stopped, if it runs; nothing is deleted')
    const [stays] = tags([lacking({ ...marked, stays: 'its disks would be lost' })], {
      told: () => told,
    }).cases
    expect(stays?.next).toEqual({ says: 'nothing more: its disks would be lost' })
  })

  it('says the step that the ladder takes, on the day on which it takes it', () => {
    const day = fc.integer({ min: 0, max: 20 })
    const levels = fc.constantFrom('tell' as const, 'act' as const)
    const steps = fc.constantFrom('tell' as const, 'mark' as const, 'stop' as const)
    fc.assert(
      fc.property(
        levels,
        steps,
        day,
        day,
        fc.option(day),
        (level, upTo, first, markAfter, told) => {
          const at = new Date(Date.parse(since) + first * 86_400_000)
          const report = kept({ tags: looked }, { tags: level })
          const policy = report.catalog.tags
          if (policy === undefined) throw new Error('nothing is watched')
          policy.ladder = { upTo, markAfter, stopAfter: markAfter + 2 }
          const tell = told === null ? undefined : { at: since, notice: NOTICE('tell') }
          const accepted = new Date(at.getTime() - (told ?? 0) * 86_400_000)
          const one = lacking({ ...(tell && { tell }) })
          const [shown] = ordering(
            {
              ...report,
              cases: [one],
              told: () => ({ channel: '#ordering', at: accepted.toISOString() }),
            },
            at,
          ).tags.cases
          const standing = {
            ...{ policy, level, kept: one, runs: true },
            accepted: tell === undefined ? {} : { tell: accepted },
            reportsUntil: reportsUntil(new Date(since)),
          }
          const { at: promised } = shown?.next ?? {}
          if (promised === undefined) return
          const on = new Date(promised)
          expect(nextStep({ ...standing, now: on }).step).not.toBe('none')
          const before = new Date(on.getTime() - 86_400_000)
          if (before > at) expect(nextStep({ ...standing, now: before }).step).toBe('none')
        },
      ),
    )
  })
})

describe('what a team owns', () => {
  it('is priced by the day, and may be put to sleep where it has a schedule', () => {
    const rest = { order: 1, owner: 'ordering', schedule: 'office-hours' }
    const one = { version: 1, revision: 1, rest: 'awake' as const, since: '', why: '' }
    const teams = teamsView(
      {
        ...NOTHING,
        services: [ORDERS],
        teams: kept(),
        sleep: {
          ...NOTHING.sleep,
          sleepers: [
            { id: 'service/dev-backend/orders', name: 'orders', ...rest, kept: one },
            { id: 'database/orders', name: 'orders-database', ...rest, kept: one },
          ],
          tasks: { orders: { cpu: 256, memory: 512, spot: false, platform: 'arm64', count: 2 } },
        },
      },
      NOW,
    )
    const [, team] = teams
    expect(team?.services).toMatchObject([
      { name: 'orders', state: 'awake', runs: '1 of 1 tasks', usd: '$0.24', act: 'sleep' },
      { name: 'orders-database', kind: 'database' },
    ])
    expect(team?.services[1]?.usd).toBeUndefined()
    expect(team?.day).toEqual({ usd: '$0.24', unpriced: ['orders-database'] })
  })
})

describe('the address of a page', () => {
  it('names a team, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(pageAt(teamPath(name))).toEqual({ page: 'team', name })
      }),
    )
  })

  test.each(['/teams', '/teams/', '/teams/a/b', '/teams/%E0%A4%A', '/service/a', '/app.js'])(
    'is none: %s',
    (path) => {
      expect(pageAt(path)).toBeUndefined()
    },
  )
})

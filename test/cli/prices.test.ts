import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PRICE_LIST } from '../../domain/price-list.ts'
import { fileWith, pricesIn } from '../../scripts/prices.ts'

/** Lines as the published lists of RDS and EC2 have them. */
const lines = readFileSync('test/cli/price-list.csv', 'utf8').trim().split('\n')

describe('node scripts/prices.ts', () => {
  it('takes what an hour costs on demand: single zone, Linux, no license, no reservation', async () => {
    const { published, prices } = await pricesIn(lines)
    expect(published).toBe('2026-11-20')
    expect(Object.fromEntries(prices)).toEqual({
      postgres: new Map([['db.t4g.micro', 0.0171]]),
      aurora: new Map([['db.t4g.medium', 0.073]]),
      instance: new Map([['t3.micro', 0.0104]]),
    })
  })

  it('writes the file anew, with the types that it has', async () => {
    const few = {
      instance: { 't3.micro': 1 },
      postgres: { 'db.t4g.micro': 1 },
      mysql: {},
      aurora: { 'db.t4g.medium': 1 },
    } as never
    const file = fileWith([await pricesIn(lines)], few)
    expect(file).toContain("read: '2026-11-20'")
    expect(file).toContain("    'db.t4g.micro': 0.0171,")
    await expect(pricesIn(lines.slice(0, 5))).rejects.toThrow('no line of columns')
  })

  it('writes no file in which a price is missing', async () => {
    const found = await pricesIn(lines)
    expect(() => fileWith([found])).toThrow(/no price of t3.nano/)
  })

  it('would change nothing of the file if no price had changed', () => {
    const lists = ['instance', 'postgres', 'mysql', 'aurora'] as const
    const prices = new Map(lists.map((list) => [list, new Map(Object.entries(PRICE_LIST[list]))]))
    const file = fileWith([{ published: PRICE_LIST.read, prices }])
    expect(file).toBe(readFileSync('domain/price-list.ts', 'utf8'))
  })
})

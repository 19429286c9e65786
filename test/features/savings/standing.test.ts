import { describe, expect, it } from 'vitest'
import { readCatalog } from '../../../catalog/read.ts'
import { standingOf } from '../../../catalog/standing.ts'
import { HOURS_A_MONTH } from '../../../domain/prices.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { stacksOf } from '../../../scripts/assembly.ts'
import { costLines } from '../../../scripts/docs/cost-lines.ts'
import { resourcesOf } from '../../../scripts/docs/template.ts'

const STANDING = /NAT gateway|load balancer|address|Cache/

describe('what is paid whatever sleeps', () => {
  it('is what the templates have of it', async () => {
    const catalog = readCatalog('catalog')
    const lines = costLines(resourcesOf(stacksOf(await templatesOf())), catalog)
    const sum = (months: number[]) => months.reduce((total, month) => total + month, 0)
    const templates = sum(lines.filter(({ what }) => STANDING.test(what)).map(({ month }) => month))
    const compiled = sum(standingOf(catalog).map(({ hour }) => hour * HOURS_A_MONTH))
    expect(compiled).toBeCloseTo(templates, 6)
  })
})

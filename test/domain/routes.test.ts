import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isWakePriority,
  LARGEST_PRIORITY,
  type Route,
  rulePriority,
  serviceAt,
  wakePriority,
} from '../../domain/routes.ts'
import { fits } from '../../local/aws/elastic-load-balancing/conditions.ts'

const priority = fc.integer({ min: 1, max: LARGEST_PRIORITY })

describe('the numbers of rules', () => {
  it('are those of AWS, keep the catalog’s order, and each has a free one before it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(priority, { minLength: 60, maxLength: 60 }), (given) => {
        const own = given.map(rulePriority)
        const all = [...own, ...own.map(wakePriority)]
        expect(new Set(all).size).toBe(120)
        expect(Math.min(...all)).toBeGreaterThan(LARGEST_PRIORITY)
        expect(Math.max(...all)).toBeLessThanOrEqual(50_000)
        for (const [a = 0, b = 0] of given.slice(1).map((one, place) => [given[place], one])) {
          // Whoever comes later in the catalog is tried later, and so is what stands before it.
          expect(Math.sign(wakePriority(rulePriority(a)) - rulePriority(b))).toBe(a <= b ? -1 : 1)
        }
      }),
      { seed: 26 },
    )
  })

  it('tell the rule before a service’s own from every other', () => {
    fc.assert(
      fc.property(priority, (one) => {
        expect(isWakePriority(wakePriority(rulePriority(one)))).toBe(true)
        expect(isWakePriority(rulePriority(one))).toBe(false)
        // A number of the versions before, which were the catalog's.
        expect(isWakePriority(one)).toBe(false)
      }),
    )
  })
})

const segment = fc.constantFrom('a', 'b', 'a.b', '?', '*', 'A', '%20', '+', '(x)')
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((all) => `/${all.join('/')}`)
const paths = fc.array(path, { minLength: 1, maxLength: 3 })
const hosts = fc.uniqueArray(fc.constantFrom('a.example.com', 'b.example.com', 'example.com'), {
  maxLength: 2,
})

describe('whose a request is', () => {
  it('is decided as the load balancer decides it', () => {
    const routes = fc.uniqueArray(fc.record({ paths, hosts, priority }), {
      maxLength: 6,
      selector: (one) => one.priority,
    })
    fc.assert(
      fc.property(
        routes,
        path,
        fc.constantFrom('a.example.com', 'B.EXAMPLE.com', 'c.example.com'),
        (given, asked, at) => {
          const named = Object.fromEntries(
            given.map((one, place): [string, Route] => [`s${place}`, one]),
          )
          const first = Object.entries(named)
            .toSorted(([, a], [, b]) => a.priority - b.priority)
            .find(([, route]) => fits(conditionsOf(route), { ...REQUEST, host: at, path: asked }))
          expect(serviceAt(named, { host: at, path: asked })).toBe(first?.[0])
        },
      ),
      { seed: 26, numRuns: 500 },
    )
  })
})

const REQUEST = {
  method: 'GET',
  secure: false,
  port: 80,
  query: '',
  headers: [],
  body: new Uint8Array(),
  sourceIp: '203.0.113.7',
}

const conditionsOf = ({ hosts: own, paths: patterns }: Route) => [
  ...(own.length === 0 ? [] : [{ Field: 'host-header', HostHeaderConfig: { Values: [...own] } }]),
  { Field: 'path-pattern', PathPatternConfig: { Values: [...patterns] } },
]

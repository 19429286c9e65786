import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { place } from '../../local/console/app/execution/layout.ts'
import { mainPathOf, stateAt, transitionsOf } from '../../local/console/app/execution/machine.ts'
import { compose, defaultIteration } from '../../local/console/app/execution/scene.ts'
import type { Run } from '../../local/console/view.ts'

/** The largest machine we have, and the same again inside a Map. */
const inner = JSON.parse(readFileSync('statemachines/roll-out.asl.json', 'utf8'))
const machine = {
  StartAt: 'List',
  States: {
    List: { Type: 'Task', Next: 'Services' },
    Services: { Type: 'Map', ItemProcessor: inner, End: true },
  },
}

const visit = (scope: string, state: string): Run => ({
  scope,
  state,
  status: 'succeeded',
  enteredAt: '2026-03-02T09:00:00Z',
  attempts: 1,
})

describe('the main path of a machine', () => {
  const path = mainPathOf(inner)
  const { states, width, height } = place(inner, new Map())

  test('the main path is the longest way without an error', () => {
    expect(path.join(' ')).toBe(
      'Plan IsRollOut Register HasTaskBefore Update Await Bake Check WhatNext Record Announce',
    )
  })

  test('the main path goes straight down, and what fails leaves it to the side', () => {
    const columns = new Set(path.map((name) => states.get(name)?.x))
    expect(columns.size).toBe(1)
    const [left] = columns
    for (const [name, box] of states) {
      if (!path.includes(name)) expect(box.x, name).toBeGreaterThan(left ?? 0)
    }
  })

  test('no two states overlap, and all are inside the drawing', () => {
    const boxes = [...states.values()]
    for (const [index, a] of boxes.entries()) {
      expect(a.x + a.width).toBeLessThanOrEqual(width)
      expect(a.y + a.height).toBeLessThanOrEqual(height)
      for (const b of boxes.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y
        expect(apart).toBe(true)
      }
    }
  })

  test('every transition goes between its states, in level and upright lines', () => {
    const { transitions } = place(inner, new Map())
    expect(transitions.length).toBe(transitionsOf(inner).length)
    for (const { points } of transitions) {
      for (const [index, point] of points.slice(1).entries()) {
        const before = points[index]
        expect(point.x === before?.x || point.y === before?.y).toBe(true)
      }
    }
  })

  test('a machine that only loops is drawn too', () => {
    const loop = {
      StartAt: 'Look',
      States: {
        Look: { Type: 'Choice', Default: 'Wait', Choices: [{ Next: 'Done' }] },
        Wait: { Type: 'Wait', Next: 'Look' },
        Done: { Type: 'Succeed' },
        Lonely: { Type: 'Pass' },
      },
    }
    expect(place(loop, new Map()).states.size).toBe(4)
  })
})

describe('an execution drawn', () => {
  const told = {
    runs: [
      visit('', 'List'),
      visit('', 'Services'),
      visit('Services/0', 'Plan'),
      visit('Services/1', 'Plan'),
      visit('Services/1', 'IsRollOut'),
    ],
    iterations: [
      { scope: 'Services/0', label: 'web', status: 'succeeded' as const },
      { scope: 'Services/1', label: 'orders', status: 'running' as const },
    ],
  }

  test('a Map that was not reached shows its states once', () => {
    const { groups, states } = compose(machine, { runs: [], iterations: [] }, undefined)
    expect(groups).toMatchObject([{ label: 'for each', open: true, status: undefined }])
    expect(states.length).toBe(2 + Object.keys(inner.States).length)
  })

  test('each item is a group; the one looked at is open, inside the Map’s box', () => {
    const scene = compose(machine, told, defaultIteration(told))
    expect(scene.groups.map(({ label, open }) => [label, open])).toEqual([
      ['web', false],
      ['orders', true],
    ])
    const map = scene.states.find(({ name }) => name === 'Services')?.box
    const second = scene.states.find(({ name }) => name === 'IsRollOut')
    expect(second).toMatchObject({ scope: 'Services/1', run: { status: 'succeeded' } })
    expect(second?.box.y).toBeGreaterThan(map?.y ?? 0)
    expect((second?.box.x ?? 0) + 1).toBeGreaterThan(map?.x ?? 0)
  })

  test('the way gone is marked, and only that', () => {
    const { transitions } = compose(machine, told, 'Services/1')
    expect(transitions.filter(({ taken }) => taken).map(({ id }) => id)).toEqual([
      ' List Services next',
      'Services/1 Plan IsRollOut next',
    ])
  })

  test('a state is found by its place', () => {
    expect(stateAt(machine, 'Services/0', 'Bake')?.Type).toBe('Wait')
    expect(stateAt(machine, '', 'List')?.Type).toBe('Task')
  })
})

import { expect, it } from 'vitest'
import { cycleEnd } from './cycle-end.js'

it('ends a cycle at midnight in UTC, and the next one after a midnight', () => {
  expect(cycleEnd('manual', '2026-01-31T10:00:00.000Z')).toBeUndefined()
  expect(cycleEnd('daily', '2026-01-31T10:00:00.000Z')).toBe('2026-02-01T00:00:00.000Z')
  expect(cycleEnd('daily', '2026-02-01T00:00:00.000Z')).toBe('2026-02-02T00:00:00.000Z')
  // 2 February 2026 is a Monday.
  expect(cycleEnd('weekly', '2026-02-01T23:59:59.999Z')).toBe('2026-02-02T00:00:00.000Z')
  expect(cycleEnd('weekly', '2026-02-02T00:00:00.000Z')).toBe('2026-02-09T00:00:00.000Z')
  expect(cycleEnd('weekly', '2026-02-04T00:00:00.000Z')).toBe('2026-02-09T00:00:00.000Z')
  expect(cycleEnd('monthly', '2026-12-31T23:59:59.999Z')).toBe('2027-01-01T00:00:00.000Z')
  expect(cycleEnd('monthly', '2027-01-01T00:00:00.000Z')).toBe('2027-02-01T00:00:00.000Z')
})

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { check } from './floors.js'

/** Runs the check on a core that consists of these files, and returns what it complains of. */
async function floors(files: Record<string, string>): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), 'floors-'))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, 'packages/core/src', file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  return check(root)
}

const rooms = { 'kernel/index.ts': '', 'kernel/errors.ts': '', 'money/index.ts': '', 'cart/index.ts': '', 'order/index.ts': '' }

describe('the floors', () => {
  test('a room may import the index of a lower room', async () => {
    expect(await floors({ ...rooms, 'order/place-order.ts': `import { totals } from '../cart/index.js'` })).toEqual([])
  })

  test('a room may not import a higher room, nor its types', async () => {
    expect(await floors({ ...rooms, 'cart/totals.ts': `// why\n\nimport type { Order } from '../order/index.js'` })).toEqual([
      'packages/core/src/cart/totals.ts:3 imports ../order/index.js: cart (floor 4) may import only from floors below 4',
    ])
  })

  test('a room may not import a room of its own floor, by export or dynamic import either', async () => {
    const files = {
      'payment/index.ts': `export { rate } from '../shipping/index.js'`,
      'shipping/index.ts': '',
      'pricing/index.ts': `await import('../payment/index.js')`,
    }
    expect(await floors(files)).toEqual([
      'packages/core/src/payment/index.ts:1 imports ../shipping/index.js: payment (floor 3) may import only from floors below 3',
      'packages/core/src/pricing/index.ts:1 imports ../payment/index.js: pricing (floor 3) may import only from floors below 3',
    ])
  })

  test('nothing but a test imports testing', async () => {
    const text = `import { testClock } from '../testing/test-clock.js'`
    expect(await floors({ 'testing/test-clock.ts': '', 'cart/a.test.ts': text, 'cart/a.ts': text })).toEqual([
      'packages/core/src/cart/a.ts:1 imports ../testing/test-clock.js: cart (floor 4) may import only from floors below 4',
    ])
  })

  test('another room is imported through its index only, in tests too', async () => {
    const files = { ...rooms, 'cart/line.ts': '', 'order/order.test.ts': `import { line } from '../cart/line.js'` }
    expect(await floors(files)).toEqual([
      'packages/core/src/order/order.test.ts:1 imports ../cart/line.js: a room is imported through its index.js only',
    ])
  })

  test('money may use the errors of the kernel, and nothing else of it; the kernel nothing of money', async () => {
    const files = {
      ...rooms,
      'money/money.ts': `import { defineError } from '../kernel/errors.js'`,
      'money/now.ts': `import { now } from '../kernel/index.js'`,
      'kernel/price.ts': `import { money } from '../money/index.js'`,
    }
    expect(await floors(files)).toEqual([
      'packages/core/src/kernel/price.ts:1 imports ../money/index.js: kernel (floor 0) may import only from floors below 0',
      'packages/core/src/money/now.ts:1 imports ../kernel/index.js: money (floor 0) may import only from floors below 0',
    ])
  })

  test('a library has its room', async () => {
    const files = {
      'kernel/medusa.ts': `import medusa from 'medusa-core-utils'`,
      'kernel/errors.ts': `import medusa from 'medusa-core-utils'`,
      'order/order.entity.ts': `import { EntitySchema } from 'typeorm'`,
      'commerce.ts': `import { createContainer } from 'awilix'`,
      'plugin.ts': `import type { AwilixContainer } from 'awilix'`,
    }
    expect(await floors(files)).toEqual([
      'packages/core/src/kernel/errors.ts:1 imports medusa-core-utils: only kernel/medusa.ts may import it',
      'packages/core/src/order/order.entity.ts:1 imports typeorm: only kernel/ may import it',
      'packages/core/src/plugin.ts:1 imports awilix: only commerce.ts may import it',
    ])
  })

  test('the scenario runner does not compute with what it checks', async () => {
    const text = `import { allocate } from '../money/index.js'`
    expect(await floors({ ...rooms, 'testing/scenario-runner.ts': text, 'testing/builders.ts': text })).toEqual([
      'packages/core/src/testing/scenario-runner.ts:1 imports ../money/index.js: testing/scenario* checks money and may not use it',
    ])
  })

  test('an import cycle inside a room is found', async () => {
    const files = { 'cart/a.ts': `import './b.js'`, 'cart/b.ts': `import './c.js'`, 'cart/c.ts': `import './a.js'` }
    expect(await floors(files)).toEqual(['packages/core/src: import cycle cart/a.ts -> cart/b.ts -> cart/c.ts -> cart/a.ts'])
  })

  test('a room without a floor is refused', async () => {
    expect(await floors({ 'loyalty/index.ts': '' })).toEqual([
      'packages/core/src/loyalty/index.ts: room "loyalty" has no floor; give it one in tools/floors.ts',
    ])
  })
})

import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { nodeNameOf } from '#app/node-name.ts'

test('L05: no two processes have one name, also where two planes have one machine and one port', () => {
  const at = (plane: 'all' | 'citizen' | 'console', place?: number) => nodeNameOf({ nodeName: 'may-chu-mot', port: 3000, plane }, place)
  expect([at('all'), at('all', 2), at('citizen'), at('console'), at('console', 1)]).toEqual([
    'may-chu-mot:3000', 'may-chu-mot:3000#2', 'may-chu-mot:3000/citizen', 'may-chu-mot:3000/console', 'may-chu-mot:3000/console#1'])
  expect(nodeNameOf({ port: 1, plane: 'all' })).toBe(`${hostname()}:1`)
})

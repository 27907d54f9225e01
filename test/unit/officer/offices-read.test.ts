import { expect, test } from 'vitest'
import { code, sources } from '#test/house/source.ts'

/** Who reads roles as the table has them, and why that is the cautious side there. */
const asWritten = {
  'src/domain/break-glass/use.ts': 'all of them are ended',
  'src/domain/desk/serve.ts': 'somebody in office gets no key at a desk',
  'src/domain/recovery/recovery.ts': 'nor comes back by paper',
  'src/web/account/key-guard.ts': 'nor adds a key',
  'src/web/account/recovery-codes.ts': 'nor prints codes',
  'src/web/admin/many-roles.ts': 'what is there is what can be ended',
}

test('A01: what somebody may do is read from the roles that count; as the table has them they are read only where that takes something away', () => {
  const reading = sources().filter((file) => !file.path.startsWith('src/storage/') && /\brolesOf\(/.test(code(file))).map(({ path }) => path)
  expect(reading).toEqual(Object.keys(asWritten))
  const counting = sources().filter((file) => /\boffices\.of\(/.test(code(file))).map(({ path }) => path)
  expect(counting).toEqual(['src/cli/client-propose.ts', 'src/cli/officer-import.ts', 'src/domain/desk/reader.ts', 'src/web/admin/admit.ts', 'src/web/api/caller.ts'])
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimsPage } from './claims-page.ts'
import { conformancePage } from './conformance.ts'
import { errorsPage } from './error-pages.ts'
import { problemsPage } from './problems.ts'
import { root } from './source.ts'

/** Writes the pages of docs/ that are made from code: `npm run docs`. */
writeFileSync(join(root, 'docs', 'problems.md'), problemsPage())
writeFileSync(join(root, 'docs', 'conformance.md'), conformancePage())
writeFileSync(join(root, 'docs', 'relying-parties', 'errors.md'), errorsPage())

const claims = join(root, 'docs', 'relying-parties', 'claims.md')
writeFileSync(claims, claimsPage(readFileSync(claims, 'utf8')))

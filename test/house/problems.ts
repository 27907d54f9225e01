import { problemCodes, type ProblemCode } from '#kernel/problem.ts'
import { wordProblem } from '#web/i18n/problem.ts'

/** `docs/problems.md`: every code with what people are told, in both languages, straight from the code and its sentences. */
export function problemsPage(): string {
  return [
    '# What can go wrong, and what people are told',
    '',
    'Made from `src/kernel/problem.ts` and `src/web/i18n` by `npm run docs`; do not edit. The code is what logs carry in the field',
    '`problem`; the page shows the sentences and, for faults of ours, a reference such as `7F3K-29QD` to look up in the log.',
    '',
    ...problemCodes.flatMap(section),
  ].join('\n')
}

function section(code: ProblemCode): readonly string[] {
  const [vi, en] = [wordProblem(code, {}, 'vi'), wordProblem(code, {}, 'en')]
  return [
    `## \`${code}\``,
    '',
    `**${en.title}.** ${en.sentence} ${en.todo}`,
    '',
    `**${vi.title}.** ${vi.sentence} ${vi.todo}`,
    '',
  ]
}

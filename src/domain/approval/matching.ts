/**
 * The matching code. CIBA has no member for one of ours, but lets the service send a `binding_message` that both sides show
 * (CIBA Core §7.1): here it is required, is a short code and no sentence (nobody may write words of their own on our pages), and
 * is found among others. Whoever is asked without a service in front of them cannot know it, so tapping yes is not enough.
 */
const shape = /^[A-Z0-9]+(-[A-Z0-9]+)*$/
const shortest = 2
const longest = 12

/** Why this is no matching code, in English, for the service; or `undefined`. */
export function codeFault(message: string | undefined): string | undefined {
  if (message === undefined) return 'binding_message is required: a code that you show to the person'
  const fits = message.length >= shortest && message.length <= longest
  if (!fits || !shape.test(message)) return `binding_message must be a code of ${shortest} to ${longest} capital letters, digits and single hyphens`
  if (!/\d/.test(message)) return 'binding_message must have a digit: it is a code, not a word'
  return undefined
}

/** How many codes a person picks from. */
const offered = 3

const classes = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The code among others of the same form, in no order. `below(n)` answers a random whole number less than `n`. */
export function choicesFor(code: string, below: (count: number) => number): readonly string[] {
  const choices = new Set([code])
  while (choices.size < offered) choices.add(likeness(code, below))
  return shuffled([...choices], below)
}

function likeness(code: string, below: (count: number) => number): string {
  return code.replaceAll(/[A-Z0-9]/g, (sign) => {
    const alphabet = classes.find((all) => all.includes(sign)) ?? sign
    return alphabet[below(alphabet.length)] ?? sign
  })
}

function shuffled(all: readonly string[], below: (count: number) => number): readonly string[] {
  const rest = [...all]
  return all.flatMap(() => rest.splice(below(rest.length), 1))
}

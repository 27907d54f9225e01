/**
 * A start that is refused on purpose: wrong configuration, a key file others can read, a data folder in use. The message is
 * one sentence for the operator that names the thing and says what to do; it is printed as it is, without a stack.
 */
export class Refusal extends Error {
  constructor(sentence: string, options: { cause?: unknown } = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Refusal'
  }
}

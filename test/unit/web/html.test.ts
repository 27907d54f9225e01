import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html, jsonBlock, renderHtml, trusted } from '#web/html.ts'

/** Strings rich in what breaks markup. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom('<', '>', '"', "'", '&', '`', '=', '/', '-->', '</script>', 'ngã', '\u0000', ' ')).map((parts) => parts.join('')),
)

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

describe('the html template', () => {
  test('lets no text end its element, and loses nothing', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const inner = renderHtml(html`<p>${text}</p>`).slice(3, -4)
        expect(inner).not.toMatch(/[<>"']|&(?!lt;|gt;|quot;|#39;|amp;)/)
        expect(decode(inner)).toBe(text)
      }),
    )
  })

  test('lets no value end its quoted attribute, with either quote', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(decode(/^<a title="([^"]*)">$/s.exec(renderHtml(html`<a title="${text}">`))?.[1] ?? 'escaped')).toBe(text)
        expect(decode(/^<a title='([^']*)'>$/s.exec(renderHtml(html`<a title='${text}'>`))?.[1] ?? 'escaped')).toBe(text)
      }),
    )
  })

  test('joins arrays, escapes inside them, and renders nothing for undefined and false', () => {
    const rows = ['a', '<b>'].map((row) => html`<li>${row}</li>`)
    expect(renderHtml(html`<ul>${rows}${undefined}${false}${0}</ul>`)).toBe('<ul><li>a</li><li>&lt;b&gt;</li>0</ul>')
  })

  test('keeps what is already Html', () => {
    expect(renderHtml(html`${html`<b>${'&'}</b>`}${trusted('<i></i>')}`)).toBe('<b>&amp;</b><i></i>')
  })

  test('embeds values for scripts so that no string ends the block, and they read back equal', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const block = renderHtml(jsonBlock('x', { text }))
        const inner = block.slice('<script type="application/json" id="x">'.length, -'</script>'.length)
        expect(inner).not.toContain('<')
        expect(JSON.parse(inner)).toEqual({ text })
      }),
    )
  })
})

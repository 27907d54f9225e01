/**
 * A code that came by camera stands behind the `#` of the address, which no browser sends and no server logs (RFC 9110 §7.1, §10.1.3). It is put where it
 * would have been typed, and taken out of the address; to go on stays an act of the person.
 */
function fill(): void {
  const field = document.getElementById('code')
  const [, first, last] = /^#(\d{4})(\d{4})$/.exec(location.hash) ?? []
  if (!(field instanceof HTMLInputElement) || first === undefined || last === undefined) return
  field.value = `${first} ${last}`
  history.replaceState(null, '', location.pathname + location.search)
  field.form?.querySelector<HTMLButtonElement>('button')?.focus()
}

fill()
// Scanned once more where the page was open already.
addEventListener('hashchange', fill)

export {}

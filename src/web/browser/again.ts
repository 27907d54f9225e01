const place = document.getElementById('again')
const link = place?.querySelector('a')
const seconds = Number(place?.dataset['seconds'])

/** Looks whether what is waited for has come; a page that nobody sees waits until it is seen. */
function look(): void {
  if (document.visibilityState === 'hidden') document.addEventListener('visibilitychange', look, { once: true })
  else if (link) location.replace(link.href)
}

if (seconds > 0) setTimeout(look, seconds * 1000)

export {}

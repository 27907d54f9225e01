function element(id: string): HTMLElement | null {
  return document.getElementById(id)
}

/**
 * The browsers inside Zalo, Facebook and others know no passkeys. The link is the service's front page where it
 * is known: this page itself lives on a cookie that another browser does not have.
 */
export function showInAppNotice(form: HTMLFormElement): void {
  const section = element('in-app')
  if (!section) return
  form.hidden = true
  section.hidden = false
  const link = section.dataset['link'] ?? location.href

  const chrome = element('open-chrome')
  if (chrome instanceof HTMLAnchorElement && navigator.userAgent.includes('Android')) {
    const { protocol, host, pathname, search } = new URL(link)
    const scheme = protocol.slice(0, -1)
    chrome.href = `intent://${host}${pathname}${search}#Intent;scheme=${scheme};package=com.android.chrome;end`
    chrome.hidden = false
  }

  const copy = element('copy-link')
  const said = element('copied')
  copy?.addEventListener('click', () => {
    const told = (text: string) => {
      if (said) said.textContent = text
    }
    // Where even the clipboard is missing, the address stands there to be copied by hand.
    if (!('clipboard' in navigator)) return told(link)
    void navigator.clipboard.writeText(link).then(
      () => told(copy.dataset['copied'] ?? ''),
      () => told(link),
    )
  })
}

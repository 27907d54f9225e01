/** Counts down to the next code and keeps its button still meanwhile. Without a script the server says "not yet" instead. */
export function startCountdown(): void {
  const form = document.getElementById('resend')
  const line = document.getElementById('wait')
  const shown = line?.querySelector('.count')
  const button = form?.querySelector('button')
  if (!form || !line || !shown || !button) return

  const until = Date.now() + Number(form.dataset['wait']) * 1000
  button.disabled = true
  const timer = setInterval(() => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000))
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    if (left > 0) return
    clearInterval(timer)
    button.disabled = false
    line.hidden = true
  }, 500)
}

/** `/` leads to the search, as long as nothing is being typed. */
document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event
  if (key !== '/' || ctrlKey || metaKey || altKey) return
  if (target instanceof Element && target.closest('input,textarea,select,[contenteditable]')) return
  const field = document.getElementById('q')
  if (!field) return
  event.preventDefault()
  field.focus()
})

/**
 * The page's script: asks for the wake once, where the page may; then looks every three seconds, and
 * opens the address anew when it is not Caretaker any more that answers there. The load balancer's
 * own 502 to 504 say that nobody has answered yet.
 */
export const SCRIPT = `
const page = document.getElementById('page')
let shown = ''
let lost = 0
const look = async (caretaker) => {
  const asks = caretaker === 'wake'
  try {
    const answer = await fetch(asks ? location.href : page.dataset.look, {
      method: asks ? 'POST' : 'GET',
      headers: { accept: 'text/html', caretaker },
      cache: 'no-store',
      redirect: 'manual',
    })
    const state = answer.headers.get('caretaker-state')
    if (state === null && (answer.status < 502 || answer.status > 504 || ++lost > 20)) {
      location.replace(location.href.split('#')[0])
      return
    }
    if (state !== null) {
      lost = 0
      const text = await answer.text()
      if (text !== shown) page.innerHTML = shown = text
      document.title = page.querySelector('h1').textContent
    }
  } catch {
    // The connection was lost; the next look may find another.
  }
  setTimeout(look, document.hidden ? 15000 : 3000, 'part')
}
look(page.dataset.asks === 'yes' ? 'wake' : 'part')
`

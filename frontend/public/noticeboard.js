// The notice board: looks again every few seconds, turns without a flicker, takes an emergency at once, and keeps what it shows
// while there is no network or no server. A screen that nobody touches takes a new version by itself.
const EVERY = 4000;
const DAY = 24 * 3600 * 1000;
const board = (page = document) => page.querySelector('.noticeboard');
const slide = (page) => board(page).querySelector('.noticeboard-slide');
const sheet = (page) => page.querySelector('link[rel=stylesheet]')?.getAttribute('href');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let failed = 0;

async function look() {
  try {
    const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!board(page)) throw new Error('no board');
    // A page that has been up for a day begins anew, while the server answers.
    if (sheet(page) !== sheet(document) || performance.now() > DAY) return location.reload();
    failed = 0;
    show(page);
  } catch {
    failed += 1;
    if (failed > 2) board().dataset.lost = '';
  }
  setTimeout(look, EVERY);
}

function show(page) {
  const clock = board().querySelector('[data-clock]');
  clock.textContent = page.querySelector('[data-clock]').textContent;
  delete board().dataset.lost;
  if (slide(page).outerHTML === slide(document).outerHTML) return;
  const turn = () => board().replaceWith(document.importNode(board(page), true));
  if (document.startViewTransition && !calm.matches) document.startViewTransition(turn);
  else turn();
}

setTimeout(look, EVERY);

// Under pressure a browser without an account does a piece of work before a time is kept for it: find a number so that
// the SHA-256 of challenge and number begins with enough zero bits. It happens by itself, with a word of progress;
// without this script, or where the browser does not count (no https), the way is signing in.
const form = document.querySelector('form[data-work]');
const { work: challenge, bits } = form.dataset;
const BATCH = 256;

const zeros = (hash) => {
  const [head] = new Uint32Array(new Uint8Array(hash, 0, 4).slice().reverse().buffer);
  return Math.clz32(head);
};

async function solve() {
  const text = new TextEncoder();
  for (let from = 0; ; from += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, n) => from + n);
    const hashes = await Promise.all(numbers.map((n) => crypto.subtle.digest('SHA-256', text.encode(`${challenge}:${n}`))));
    const found = hashes.findIndex((hash) => zeros(hash) >= Number(bits));
    if (found >= 0) return from + found;
  }
}

if (globalThis.crypto?.subtle) {
  const said = form.querySelector('[role=status]');
  said.textContent = said.dataset.say;
  form.hidden = false;
  document.querySelector('[data-instead-of-work]')?.remove();
  form.elements.answer.value = await solve();
  form.requestSubmit();
}

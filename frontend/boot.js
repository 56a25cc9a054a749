// Loaded by every page. Starts what makes a page better; without it everything still works.

// Islands: the pages that have some name the WebAssembly module in <link data-linli>.
const address = (kind) => document.querySelector(`link[data-linli=${kind}]`)?.href;

async function hydrate(node, module) {
  if (node.localName === 'leptos-island') {
    await module[node.dataset.component]?.(node);
  }
  for (const child of node.children) await hydrate(child, module);
}

async function startIslands() {
  if (!document.querySelector('leptos-island') || !address('js')) return;
  const module = await import(address('js'));
  await module.default({ module_or_path: address('wasm') });
  module.hydrate();
  await hydrate(document.body, module);
  document.documentElement.dataset.ready = '';
}

startIslands().catch((error) => console.warn('islands', error));

// Who was here last, for pages that this phone keeps for when there is no signal: those know nobody.
try {
  const { who } = document.documentElement.dataset;
  if (who !== undefined) localStorage.setItem('linli_who', who);
} catch { /* Private mode. */ }

// A page that is better with a script of its own names it.
const coming = [];
for (const part of document.querySelectorAll('[data-script]')) coming.push(import(part.dataset.script).catch((error) => console.warn(error)));
// What only some pages need; pkg:<name> becomes the file's address when the site is built.
const flagged = (name) => {
  try {
    return Boolean(localStorage.getItem(name));
  } catch {
    return false;
  }
};
// Somebody may choose a photo before the script comes that asks where it was taken: what is sent does not say it any more.
addEventListener('change', ({ target }) => {
  if (target.type === 'file' && target.form?.dataset.outbox !== undefined) target.form.chosen = [...target.files];
}, true);
function load(address) {
  const script = import(address).catch((error) => console.info(address, error));
  coming.push(script);
  return script;
}
if ('indexedDB' in window && (document.querySelector('.outbox, form[data-outbox]') || flagged('linli_outbox'))) load('pkg:outbox');
// A map, with all that draws it, comes when somebody opens it; it may have been opened before this script came.
for (const box of document.querySelectorAll('.map-box')) {
  const open = async () => {
    if (box.open && !(await load('pkg:map'))) box.querySelector('[role=status]').textContent = box.querySelector('.map').dataset.failed;
  };
  box.addEventListener('toggle', open);
  open();
}
if (document.querySelector('form[data-redact]')) load('pkg:redact');
if (document.querySelector('[data-live]')) load('pkg:live');
if (document.querySelector('form[data-work]')) load('pkg:work');
// From here on keys and buttons do what the page's scripts promise; tests wait for it.
Promise.all(coming).then(() => (document.documentElement.dataset.helped = ''));

// A device that everybody uses goes back to its start by itself.
const rest = document.querySelector('meta[name=linli-rest]');
if (rest) {
  const [seconds, address] = rest.content.split(';url=');
  let timer;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace(address), Number(seconds) * 1000);
  };
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, begin);
  begin();
}

// One tap, one submit: the form rests until the answer comes. The server would take the second tap for the first.
// A file leaves the page as it is, and the next one may be asked for.
const REST = 60_000;
const REST_FILE = 2_000;
function rests(form, button) {
  form.dataset.sent = '';
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => button?.setAttribute('aria-busy', 'true'));
  // The answer may never come, or be no page; nobody is told when loading was stopped by hand.
  setTimeout(() => wake(form), 'file' in form.dataset ? REST_FILE : REST);
}
function wake(form) {
  delete form.dataset.sent;
  for (const button of form.elements) button.removeAttribute('aria-busy');
}
function once(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if ('sent' in form.dataset) event.preventDefault();
  else rests(form, event.submitter);
}
// After the scripts of the page, which send some forms themselves: those are theirs.
addEventListener('submit', () => {
  removeEventListener('submit', once);
  addEventListener('submit', once);
}, true);

// Whoever signs out leaves nothing of their tasks on this phone.
addEventListener('submit', (event) => {
  if (new URL(event.target.action, location.href).pathname === '/logout') globalThis.caches?.delete('linli-tasks');
});

// Coming back with the back button: forms may be sent again.
addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(wake);
});

// After a form came back with mistakes, a screen reader begins there.
document.querySelector('.error-summary')?.focus();

// Reads parts of the page aloud, a sentence at a time (some voices break off in long texts); a second tap stops.
function speak(button) {
  if (button.dataset.begin) return speechSynthesis.cancel();
  const text = [...document.querySelectorAll(button.dataset.what)].map((part) => part.innerText).join('\n');
  const sentences = text.match(/[^。！？\n]+[。！？]?/g) ?? [];
  let left = sentences.length;
  if (!left) return;
  button.dataset.begin = button.textContent;
  button.textContent = button.dataset.stop;
  const end = () => {
    button.textContent = button.dataset.begin ?? button.textContent;
    delete button.dataset.begin;
  };
  for (const sentence of sentences) {
    const words = new SpeechSynthesisUtterance(sentence);
    words.lang = button.lang;
    words.onend = () => { if (!(left -= 1)) end(); };
    words.onerror = end;
    speechSynthesis.speak(words);
  }
}
addEventListener('pagehide', () => globalThis.speechSynthesis?.cancel());

// Buttons for what only a browser can do show themselves when it can.
for (const button of document.querySelectorAll('[data-do]')) {
  const can = { print: () => 'print' in window, share: () => 'share' in navigator, copy: () => 'clipboard' in navigator, speak: () => 'speechSynthesis' in window };
  const act = {
    print: () => print(),
    share: () => navigator.share({ title: document.title, url: location.href }).catch(() => {}),
    copy: () => navigator.clipboard.writeText(button.dataset.text ?? location.href),
    speak: () => speak(button),
  };
  if (!can[button.dataset.do]?.()) continue;
  button.hidden = false;
  button.addEventListener('click', act[button.dataset.do]);
}

// On the page of the notices kept on the phone: the one that was asked for.
const asked = document.getElementById(`n-${location.pathname.split('/').pop()}`);
asked?.scrollIntoView();
asked?.focus({ preventScroll: true });

// What is to be readable without a signal; not where data is dear.
const keep = document.querySelector('meta[name=linli-keep]');
if (keep && 'serviceWorker' in navigator && !navigator.connection?.saveData) {
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ keep: keep.content }));
}

if ('serviceWorker' in navigator && isSecureContext) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}));
}

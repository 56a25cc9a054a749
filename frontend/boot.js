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

// A page that is better with a script of its own names it.
for (const part of document.querySelectorAll('[data-script]')) import(part.dataset.script).catch((error) => console.warn(error));
// What only some pages need; pkg:<name> becomes the file's address when the site is built.
const flagged = (name) => {
  try {
    return Boolean(localStorage.getItem(name));
  } catch {
    return false;
  }
};
const load = (address) => import(address).catch((error) => console.info(address, error));
if ('indexedDB' in window && (document.querySelector('.outbox, form[data-outbox]') || flagged('linli_outbox'))) load('pkg:outbox');
if (document.querySelector('.map-box')) load('pkg:map');
if (document.querySelector('form[data-redact]')) load('pkg:redact');

// One tap, one submit: the button rests until the answer comes. The server would take the second tap for the first.
addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '';
  const button = event.submitter;
  // After this turn, so that the button's own name and value are still sent.
  setTimeout(() => button?.setAttribute('aria-busy', 'true'));
});

// Coming back with the back button: forms may be sent again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

// After a form came back with mistakes, a screen reader begins there.
document.querySelector('.error-summary')?.focus();

// Reads a part of the page aloud; a second tap stops.
function speak(button) {
  const begin = button.textContent;
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(document.querySelector(button.dataset.what)?.innerText ?? '');
  words.lang = button.lang;
  words.onend = words.onerror = () => (button.textContent = begin);
  button.textContent = button.dataset.stop;
  speechSynthesis.speak(words);
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

if ('serviceWorker' in navigator && isSecureContext) {
  addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}));
}

// Live regions (`data-live` names their feed): look again when the hall's queue moves; send steps without leaving the
// page, and keep a step that the network lost until it is answered. Every form has its own key: sent twice is done once.
const region = () => document.querySelector('[data-live]');

function startLive() {
  let lastCall = region().dataset.call ?? region().querySelector('[data-call]')?.dataset.call;
  const title = document.title;
  let sending = Promise.resolve();
  let waiting = 0;
  let sound;

  function alarm() {
    const holder = region().dataset.call ? region() : region().querySelector('[data-call]');
    const call = holder?.dataset.call;
    document.title = call ? `● ${title}` : title;
    if (!call || call === lastCall) return;
    lastCall = call;
    navigator.vibrate?.([300, 150, 300]);
    if (holder.dataset.say && localStorage.linliSpeak) {
      const speech = new SpeechSynthesisUtterance(holder.dataset.say);
      speech.lang = document.documentElement.lang;
      speechSynthesis.speak(speech);
    }
    if (sound) {
      const tone = sound.createOscillator();
      tone.connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + 0.6);
    }
  }

  function show(text, forced) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const fresh = page.querySelector('[data-live]');
    const old = region();
    if (!fresh || !old) return;
    // What somebody is writing or ticking is not taken away from them.
    const touched = old.dataset.touched !== undefined || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
    if (!forced && touched && old.contains(document.activeElement ?? old)) return;
    const focus = document.activeElement?.dataset?.key;
    const open = [...old.querySelectorAll('details')].map((d) => d.open);
    old.replaceWith(fresh);
    fresh.querySelectorAll('details').forEach((d, n) => { d.open = open[n] ?? d.open; });
    // What can no longer be done (giving up a visit that is over) goes as well.
    if (!page.querySelector('[data-while-open]')) document.querySelectorAll('[data-while-open]').forEach((part) => part.remove());
    if (focus) fresh.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    alarm();
  }

  async function look() {
    if (waiting) return;
    try {
      const answer = await fetch(location.href);
      if (answer.ok) show(await answer.text(), false);
    } catch {
      // The next look will do.
    }
  }

  async function send(address, body) {
    for (;;) {
      try {
        const answer = await fetch(address, { method: 'POST', body });
        if (answer.status >= 500) throw new Error(answer.status);
        const text = await answer.text();
        if (new URL(answer.url).pathname === location.pathname || !answer.redirected) show(text, true);
        else location.assign(answer.url);
        return;
      } catch {
        const lost = region().dataset.lost;
        if (lost && !document.querySelector('.live-lost')) {
          const note = document.createElement('p');
          note.className = 'live-lost note';
          note.dataset.tone = 'warn';
          note.setAttribute('role', 'status');
          note.textContent = lost;
          region().prepend(note);
        }
        await new Promise((again) => setTimeout(again, 2000));
      }
    }
  }

  addEventListener('submit', (event) => {
    const form = event.target;
    if (!region()?.contains(form) || form.method !== 'post') return;
    event.preventDefault();
    if (form.dataset.sent !== undefined) return;
    form.dataset.sent = '';
    const button = event.submitter;
    button?.setAttribute('aria-busy', 'true');
    const body = new URLSearchParams(new FormData(form, button));
    const address = button?.hasAttribute('formaction') ? button.formAction : form.action;
    waiting += 1;
    sending = sending.then(() => send(address, body)).finally(() => { waiting -= 1; });
  }, true);
  addEventListener('input', (event) => {
    if (region()?.contains(event.target)) region().dataset.touched = '';
  });
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const at = event.target;
    if (/^(INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(at.tagName) || (event.key === ' ' && /^(BUTTON|A)$/.test(at.tagName))) return;
    const button = region()?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  for (const button of document.querySelectorAll('[data-sound], [data-speak]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      if (button.dataset.speak !== undefined) localStorage.linliSpeak = on ? '1' : '';
      else sound = on ? new AudioContext() : undefined;
    });
  }
  if ('EventSource' in window) new EventSource(region().dataset.live).addEventListener('version', look);
  else setInterval(look, 15000);
  // The clock, an undo bar that has run out, a day that has begun.
  setInterval(look, 30000);
}

if (region()) startLive();

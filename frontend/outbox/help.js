// Help while a report's form is filled in: proposes the place and the category, shows what is open nearby. All of it may
// fail, and nothing is decided: every proposal stands in a field that can be changed, or waits for a tap.
import { positionIn } from './exif.js';

/** Takes hold of a form. `joins(form)`: somebody joined another report instead. */
export function help(form, { element, fieldsOf, joined }) {
  category(form, element);
  place(form, element);
  nearby(form, { element, fieldsOf, joined });
}

function nearby(form, { element, fieldsOf, joined }) {
  const box = form.querySelector('.nearby');
  if (!box) return;
  let last = '';
  const look = async () => {
    const fields = fieldsOf();
    if (!fields.category || !(fields.building || fields.longitude)) return;
    const query = new URLSearchParams();
    for (const name of ['community', 'category', 'building', 'longitude', 'latitude']) query.set(name, fields[name] ?? '');
    const asked = query.toString();
    if (asked === last) return;
    last = asked;
    try {
      const answer = await fetch(`/report/nearby?${query}`);
      if (!answer.ok || last !== asked) return;
      // Written by our own server, which escapes; forms cannot stand inside a form, so the buttons get one each here.
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const inner of page.querySelectorAll('form')) {
        const outer = element('form', { method: 'post', action: inner.getAttribute('action'), id: `join-${Math.random().toString(36).slice(2)}`, hidden: true });
        outer.addEventListener('submit', joined);
        form.after(outer);
        for (const button of inner.querySelectorAll('button')) button.setAttribute('form', outer.id);
        inner.replaceWith(...inner.childNodes);
      }
      box.replaceChildren(...page.body.childNodes);
      box.hidden = !box.childElementCount;
    } catch { /* No signal: nothing to show. */ }
  };
  form.addEventListener('change', look);
  form.querySelector('.position')?.addEventListener('position', look);
}

/** The category that the words speak of is chosen until somebody chooses by hand; one tap takes the next. */
function category(form, element) {
  const select = form.querySelector('select[name=category]');
  const text = form.elements.description;
  const box = form.querySelector('.suggest');
  if (!select || !text || !box) return;
  let byHand = select.value !== '';
  let proposed = '';
  let waits;
  select.addEventListener('change', (event) => {
    if (!event.isTrusted) return;
    byHand = true;
    box.hidden = true;
  });
  const choose = (code) => {
    proposed = code;
    select.value = code;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const show = (found, at) => {
    const { code, name, because } = found[at];
    choose(code);
    const another = element('button', { type: 'button', className: 'button small', textContent: box.dataset.another });
    another.addEventListener('click', () => {
      if (found[at + 1]) return show(found, at + 1);
      // No more guesses: the whole list.
      box.hidden = true;
      byHand = true;
      choose('');
      select.focus();
      return undefined;
    });
    const why = because.length && element('span', { className: 'muted', textContent: ` ${box.dataset.because} ${because.join('、')}` });
    box.replaceChildren(element('span', {}, `${box.dataset.label} `, element('strong', { textContent: name }), why), another);
    box.hidden = false;
  };
  const guess = () => {
    clearTimeout(waits);
    waits = setTimeout(async () => {
      const words = text.value.trim();
      if (words.length < 2 || byHand || (select.value && select.value !== proposed)) return;
      try {
        const answer = await fetch(`/api/v1/reports/suggest-category?text=${encodeURIComponent(words)}`);
        if (!answer.ok || byHand) return;
        const found = (await answer.json()).filter(({ code }) => select.querySelector(`option[value="${CSS.escape(code)}"]`));
        if (found.length && found[0].code !== select.value) show(found, 0);
      } catch { /* No signal. */ }
    }, 600);
  };
  text.addEventListener('input', guess);
  // What was typed before this script came.
  guess();
}

/** The place: proposed from the photo or from where the phone is, named, and taken over by a tap. */
function place(form, element) {
  const place = form.querySelector('.position');
  const box = form.querySelector('.proposal');
  const select = form.querySelector('select[name=building]');
  if (!place || !box || !select || !place.dataset.place) return;
  const [longitude, latitude] = ['longitude', 'latitude'].map((name) => form.querySelector(`input[name=${name}]`));
  const status = place.querySelector('[role=status]');
  let byHand = false;
  let declined = false;
  let own = false;
  select.addEventListener('change', (event) => { byHand ||= event.isTrusted; });

  const nameOf = async (at) => {
    const answer = await fetch(`${place.dataset.place}?longitude=${at.longitude}&latitude=${at.latitude}`);
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };
  const take = (found) => {
    if (found.building && !byHand) {
      select.value = found.building;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    status.textContent = found.inside ? `${found.words} ${place.dataset.used}` : found.words;
  };
  /** Asks whether it is there. Nothing of `at` is kept unless it is. */
  const propose = async (at, question) => {
    if (declined || byHand || longitude.value || !box.hidden) return;
    const found = await nameOf(at);
    if (!found.inside || byHand || longitude.value) return;
    const button = (word, act) => {
      const node = element('button', { type: 'button', className: 'button small', textContent: word });
      node.addEventListener('click', () => { box.hidden = true; act(); });
      return node;
    };
    box.replaceChildren(
      element('span', {}, `${question} `, element('strong', { textContent: found.words })),
      button(place.dataset.use, () => {
        longitude.value = at.longitude.toFixed(5);
        latitude.value = at.latitude.toFixed(5);
        take(found);
        own = true;
        place.dispatchEvent(new Event('position'));
        status.scrollIntoView({ block: 'nearest' });
      }),
      button(place.dataset.no, () => { declined = true; select.focus(); }),
    );
    box.hidden = false;
  };

  // The button or the map gave a position: say what it is called.
  place.addEventListener('position', async () => {
    if (own) { own = false; return; }
    box.hidden = true;
    if (!longitude.value) return;
    try {
      take(await nameOf({ longitude: longitude.value, latitude: latitude.value }));
    } catch { /* No signal: it is sent without its name. */ }
  });
  // A photo was chosen: where it was taken, else where the phone is, if it may say so without asking.
  const look = async (files) => {
    for (const file of files) {
      const at = await positionIn(file);
      if (at) return propose(at, place.dataset.photo);
    }
    const allowed = await navigator.permissions?.query({ name: 'geolocation' });
    if (allowed?.state !== 'granted') return undefined;
    return navigator.geolocation.getCurrentPosition(({ coords }) => {
      propose(coords, place.dataset.phone).catch(() => {});
    }, () => {}, { maximumAge: 60_000, timeout: 10_000 });
  };
  const quietly = (files) => look(files).catch(() => { /* No signal, or no such phone. */ });
  form.addEventListener('change', (event) => {
    if (event.target.type === 'file') quietly([...event.target.files]);
  }, true);
  // On a slow line somebody is quicker than this script: boot.js has kept what they chose.
  if (form.chosen) quietly(form.chosen);
  // What only the server could read in the file (PNG, WebP).
  form.addEventListener('photos', (event) => {
    for (const tile of event.target.querySelectorAll('.photo')) {
      if (!tile.answer) continue;
      try {
        const at = JSON.parse(tile.answer).suggested_position;
        if (at) propose(at, place.dataset.photo).catch(() => {});
      } catch { /* Not JSON: no position. */ }
      delete tile.answer;
    }
  }, true);
}

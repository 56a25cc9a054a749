// Ready answers are put into the words at once, and the message stands below as it will go, while it is being typed.
// Without this script a button does both.
const MARK = '\ue000';

function preview(form) {
  const box = form.querySelector('[data-message]');
  const words = form.elements.text;
  if (!box?.dataset.message || !words) return;
  const slots = JSON.parse(box.dataset.slots || '{}');
  const filled = words.value.replace(/\{([^{}]*)\}/g, (all, name) => slots[name.trim()] ?? all).trim();
  box.querySelector('p:last-child').textContent = box.dataset.message.replaceAll(MARK, () => filled || (words.required ? '……' : '')).trim();
}

function insert(select) {
  const text = select.selectedOptions[0]?.dataset.text;
  const words = select.form?.elements.text;
  if (!text || !words) return;
  const typed = words.value.trimEnd();
  // What was typed stays, as it does without this script.
  if (!typed) words.value = text;
  else if (!typed.endsWith(text)) words.value = `${typed}\n${text}`;
  select.value = '';
  words.dispatchEvent(new Event('input', { bubbles: true }));
  words.focus();
}

// A form may come later, beside the desk's list.
document.addEventListener('change', (event) => { if (event.target.matches('.answers select')) insert(event.target); });
document.addEventListener('input', (event) => { if (event.target.name === 'text' && event.target.form) preview(event.target.form); });

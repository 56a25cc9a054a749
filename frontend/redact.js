// Blacking out parts of a photo by dragging, with a mouse or a finger; the numbers in the form do the same without this.
for (const form of document.querySelectorAll('form[data-redact]')) {
  const frame = form.querySelector('.redact-frame');
  const PARTS = ['x', 'y', 'width', 'height'];
  /** Parts of one photo at most; the server says so too. */
  const MOST = 40;
  /** Percent: less is a slip of the hand. */
  const LEAST = 1;
  const rows = () => [...form.querySelectorAll('fieldset.redact-part')];
  const field = (row, name) => row.querySelector(`input[data-part=${name}]`);
  const value = (row, name) => Number(field(row, name).value) || 0;
  const filled = (row) => value(row, 'width') > 0 && value(row, 'height') > 0;
  let begun;

  const set = (row, values) => PARTS.forEach((name, at) => { field(row, name).value = values ? values[at].toFixed(1) : ''; });

  const show = () => {
    frame.querySelectorAll('.redact-box').forEach((box) => box.remove());
    for (const row of rows()) {
      row.querySelector('.redact-clear').hidden = !filled(row);
      if (!filled(row)) continue;
      const box = Object.assign(document.createElement('span'), { className: 'redact-box' });
      const [x, y, width, height] = PARTS.map((name) => value(row, name));
      Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${Math.min(width, 100 - x)}%`, height: `${Math.min(height, 100 - y)}%` });
      frame.append(box);
    }
  };

  /** A row that is free; another one when all are taken. */
  const free = () => {
    const all = rows();
    const empty = all.find((row) => !filled(row));
    if (empty || all.length >= MOST) return empty;
    const row = all.at(-1).cloneNode(true);
    for (const node of row.querySelectorAll('[id], [for]')) {
      for (const name of ['id', 'for']) {
        const old = node.getAttribute(name);
        if (old) node.setAttribute(name, old.replace(/\d+$/, String(all.length)));
      }
    }
    const legend = row.querySelector('legend');
    legend.textContent = legend.textContent.replace(/\d+/, String(all.length + 1));
    set(row);
    all.at(-1).after(row);
    return row;
  };

  const percent = (event) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    const within = (part) => Math.min(100, Math.max(0, part));
    return [within(((event.clientX - left) / width) * 100), within(((event.clientY - top) / height) * 100)];
  };
  frame.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button > 0) return;
    const row = free();
    if (!row) return;
    begun = { at: percent(event), row };
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  frame.addEventListener('pointermove', (event) => {
    if (!begun || !event.isPrimary) return;
    const now = percent(event);
    const low = [0, 1].map((n) => Math.min(begun.at[n], now[n]));
    const size = [0, 1].map((n) => Math.abs(begun.at[n] - now[n]));
    set(begun.row, [...low, ...size]);
    show();
  });
  const end = () => {
    if (begun && (value(begun.row, 'width') < LEAST || value(begun.row, 'height') < LEAST)) set(begun.row);
    begun = undefined;
    show();
  };
  frame.addEventListener('pointerup', end);
  frame.addEventListener('pointercancel', end);
  form.addEventListener('click', (event) => {
    const clear = event.target.closest('.redact-clear');
    if (!clear) return;
    const row = clear.closest('fieldset');
    set(row);
    show();
    field(row, 'x').focus();
  });
  form.addEventListener('input', show);
  show();
}

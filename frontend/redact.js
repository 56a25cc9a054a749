// Blacking out parts of a photo by dragging; the numbers in the form do the same without this.
for (const form of document.querySelectorAll('form[data-redact]')) {
  const frame = form.querySelector('.redact-frame');
  const rows = [...form.querySelectorAll('.redact-row')];
  const field = (row, name) => row.querySelector(`input[data-part=${name}]`);
  let begun;

  const show = () => {
    for (const [at, row] of rows.entries()) {
      let box = frame.querySelector(`[data-at="${at}"]`);
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(field(row, name).value) || 0);
      if (!box) {
        box = Object.assign(document.createElement('span'), { className: 'redact-box' });
        box.dataset.at = at;
        frame.append(box);
      }
      Object.assign(box.style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });
      box.hidden = !(width && height);
    }
  };
  const percent = (event) => {
    const { left, top, width, height } = frame.getBoundingClientRect();
    const within = (value) => Math.min(100, Math.max(0, value));
    return [within(((event.clientX - left) / width) * 100), within(((event.clientY - top) / height) * 100)];
  };
  frame.addEventListener('pointerdown', (event) => {
    const row = rows.find((one) => !Number(field(one, 'width').value)) ?? rows.at(-1);
    begun = { at: percent(event), row };
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  frame.addEventListener('pointermove', (event) => {
    if (!begun) return;
    const now = percent(event);
    const low = [0, 1].map((n) => Math.min(begun.at[n], now[n]));
    const size = [0, 1].map((n) => Math.abs(begun.at[n] - now[n]));
    const set = (name, value) => { field(begun.row, name).value = value.toFixed(1); };
    set('x', low[0]);
    set('y', low[1]);
    set('width', size[0]);
    set('height', size[1]);
    show();
  });
  addEventListener('pointerup', () => { begun = undefined; });
  form.addEventListener('input', show);
  show();
}

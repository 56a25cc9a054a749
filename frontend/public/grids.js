// Drawing an outline: a tap on the plan adds a corner to the text, which stays what is sent. Without this script corners are typed.
const form = document.querySelector('.outline-form');
const plan = form.querySelector('.plan');
const text = form.querySelector('textarea');
const tools = form.querySelector('.outline-tools');
const said = form.querySelector('.outline-said');
const words = form.dataset;
const SVG = 'http://www.w3.org/2000/svg';

/** Corners in the text; nothing while it is GeoJSON or not yet readable. */
function corners() {
  const lines = text.value.split('\n').map((line) => line.trim()).filter(Boolean);
  const read = lines.map((line) => line.split(/[\s,，;、]+/).filter(Boolean).map(Number));
  return read.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? read : undefined;
}

if (plan) {
  const [west, east, south, north] = ['west', 'east', 'south', 'north'].map((edge) => Number(plan.dataset[edge]));
  const [width, height] = [plan.viewBox.baseVal.width, plan.viewBox.baseVal.height];
  const place = ([longitude, latitude]) => [((longitude - west) / (east - west)) * width, ((north - latitude) / (north - south)) * height];
  const before = [];
  const drawn = document.createElementNS(SVG, 'g');
  plan.querySelectorAll('.draft').forEach((old) => old.remove());
  plan.append(drawn);

  const draw = () => {
    drawn.replaceChildren();
    const here = corners();
    if (!here) return;
    const shape = document.createElementNS(SVG, 'polygon');
    shape.setAttribute('class', 'plan-grid draft');
    shape.setAttribute('points', here.map((corner) => place(corner).join(',')).join(' '));
    drawn.append(shape);
    for (const corner of here) {
      const dot = document.createElementNS(SVG, 'circle');
      const [x, y] = place(corner);
      for (const [name, value] of Object.entries({ class: 'plan-corner', cx: x, cy: y, r: 9 })) dot.setAttribute(name, value);
      drawn.append(dot);
    }
    said.textContent = words.count.replace('{n}', here.length);
  };

  const put = (value) => {
    before.push(text.value);
    text.value = value;
    draw();
  };

  const button = (word, act) => {
    const one = Object.assign(document.createElement('button'), { type: 'button', className: 'button small', textContent: word });
    one.addEventListener('click', act);
    tools.append(one);
  };
  button(words.undo, () => {
    if (before.length === 0) return;
    text.value = before.pop();
    draw();
  });
  button(words.clear, () => put(''));
  tools.hidden = false;
  said.textContent = words.how;
  form.dataset.ready = '';

  plan.addEventListener('click', (event) => {
    if (corners() === undefined) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
    const longitude = west + (point.x / width) * (east - west);
    const latitude = north - (point.y / height) * (north - south);
    const line = `${longitude.toFixed(6)}, ${latitude.toFixed(6)}`;
    put(text.value.trim() ? `${text.value.trimEnd()}\n${line}` : line);
  });
  text.addEventListener('input', draw);
  draw();
}

// "Near me": sorts the tasks by their distance from here. The position is asked for by a tap, used in this page and goes
// nowhere. Without this script, or without a position, tasks stand by grid.
const box = document.querySelector('.near');
const button = box.querySelector('button');
const status = box.querySelector('[role=status]');
const lists = document.querySelector('.task-lists');
const words = box.dataset;

/** Metres along the ground (haversine, mean radius of the earth). */
function metres(here, longitude, latitude) {
  const half = (degrees) => Math.sin((degrees * Math.PI) / 360) ** 2;
  const cos = (degrees) => Math.cos((degrees * Math.PI) / 180);
  const h = half(latitude - here.latitude) + cos(here.latitude) * cos(latitude) * half(longitude - here.longitude);
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(Math.min(1, h)));
}

function told(distance) {
  if (distance < 1000) return words.metres.replace('{n}', Math.max(10, Math.round(distance / 10) * 10));
  return words.kilometres.replace('{n}', (distance / 1000).toFixed(1));
}

function sort({ coords }) {
  const tasks = [...lists.querySelectorAll('.task')].map((task) => {
    const { longitude, latitude } = task.dataset;
    return { task, distance: longitude ? metres(coords, Number(longitude), Number(latitude)) : Infinity };
  });
  tasks.sort((a, b) => a.distance - b.distance);
  const list = document.createElement('ul');
  list.className = 'tasks';
  for (const { task, distance } of tasks) {
    const shown = task.querySelector('.task-distance');
    shown.hidden = !Number.isFinite(distance);
    if (!shown.hidden) shown.textContent = `· ${told(distance)}`;
    list.append(task);
  }
  lists.replaceChildren(list);
  status.textContent = words.found;
}

if ('geolocation' in navigator) {
  button.hidden = false;
  button.addEventListener('click', () => {
    status.textContent = words.asking;
    const options = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };
    navigator.geolocation.getCurrentPosition(sort, () => { status.textContent = words.failed; }, options);
  });
}

// The community's plan: outlines of its grids, its buildings, its open reports. Only on pages that have a map, and only
// when somebody opens it. Everything on it is also in a list or a field beside it.
import L from 'leaflet';
import 'leaflet/dist/leaflet.css';

for (const box of document.querySelectorAll('.map-box')) {
  box.addEventListener('toggle', () => { if (box.open && !box.dataset.drawn) draw(box).catch((error) => console.info('map', error)); });
}

async function draw(box) {
  box.dataset.drawn = '';
  const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'pkg:map-css' });
  await new Promise((done) => { style.onload = style.onerror = done; document.head.append(style); });
  const plan = await (await fetch(box.dataset.plan)).json();
  const canvas = box.querySelector('.map');
  const map = L.map(canvas, { zoomControl: false, attributionControl: false, zoomSnap: 0.5 });
  L.control.zoom({ zoomInTitle: canvas.dataset.zoomIn, zoomOutTitle: canvas.dataset.zoomOut }).addTo(map);
  const of = (kind) => plan.features.filter((feature) => feature.properties.kind === kind);
  const at = ([longitude, latitude]) => [latitude, longitude];
  const picks = box.dataset.picks !== undefined;
  const bounds = L.latLngBounds([]);

  for (const grid of of('grid')) {
    const shape = L.polygon(grid.geometry.coordinates[0].map(at), { className: 'map-grid', weight: 1.5, interactive: false }).addTo(map);
    bounds.extend(shape.getBounds());
    L.tooltip({ permanent: true, direction: 'center', className: 'map-name', content: text(grid.properties.name) }).setLatLng(shape.getBounds().getCenter()).addTo(map);
  }
  for (const building of of('building')) {
    const { name, code } = building.properties;
    const marker = pin(at(building.geometry.coordinates), 'map-building', name, name, picks);
    bounds.extend(marker.getLatLng());
    marker.addTo(map);
    if (picks) marker.on('click', () => choose(box, { building: code, name }));
  }
  const places = new Map();
  for (const report of of('report')) {
    const key = report.geometry.coordinates.join();
    places.set(key, [...(places.get(key) ?? []), report]);
  }
  for (const reports of places.values()) {
    const { place } = reports[0].properties;
    const marker = pin(at(reports[0].geometry.coordinates), 'map-report', reports.length, `${place} ${reports.length}`, true, [0, -16]);
    const list = document.createElement('ul');
    for (const { properties: { code, name, state } } of reports.slice(0, 8)) {
      const item = document.createElement('li');
      item.append(Object.assign(document.createElement('a'), { href: `/reports/${code}`, textContent: `${name} · ${state}` }));
      list.append(item);
    }
    marker.bindPopup(list).addTo(map);
    bounds.extend(marker.getLatLng());
  }
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16] });
  if (picks) pickable(box, map);
}

const text = (words) => document.createTextNode(words).textContent.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function pin(where, className, word, title, focusable, offset = [0, 0]) {
  const icon = L.divIcon({ className, html: text(String(word)), iconSize: null, iconAnchor: [-offset[0] + 14, -offset[1] + 14] });
  return L.marker(where, { icon, title, alt: title, keyboard: focusable, interactive: focusable });
}

/** A free spot becomes the position; a building becomes the choice in the list. */
function pickable(box, map) {
  let mark;
  map.on('click', ({ latlng }) => {
    mark ??= L.circleMarker(latlng, { radius: 9, className: 'map-mark', interactive: false }).addTo(map);
    mark.setLatLng(latlng);
    choose(box, { longitude: latlng.lng.toFixed(5), latitude: latlng.lat.toFixed(5) });
  });
}

function choose(box, { building, name, longitude, latitude }) {
  const form = box.closest('form');
  const place = form.querySelector('.position');
  const select = form.querySelector('select[name=building]');
  if (building) {
    select.value = building;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    box.querySelector('[role=status]').textContent = name;
    return;
  }
  form.querySelector('input[name=longitude]').value = longitude;
  form.querySelector('input[name=latitude]').value = latitude;
  box.querySelector('[role=status]').textContent = place.dataset.found;
  place.dispatchEvent(new Event('position'));
}

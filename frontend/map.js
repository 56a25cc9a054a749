// The community's plan: outlines of its grids, its buildings and landmarks, its open reports. Comes when somebody opens a map. Everything
// on it is also in a list or a field beside it.
import L from 'leaflet';
import './map/map.css';
import { toGcj02, toWgs84 } from './map/gcj02.mjs';

for (const box of document.querySelectorAll('.map-box')) {
  const open = () => {
    if (box.open && box.dataset.drawn === undefined) draw(box).catch((error) => fail(box, error));
  };
  box.addEventListener('toggle', open);
  open();
}

function fail(box, error) {
  console.info('map', error);
  delete box.dataset.drawn;
  box.querySelector('[role=status]').textContent = box.querySelector('.map').dataset.failed;
}

async function planOf(box, options) {
  const answer = await fetch(box.dataset.plan, options);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

const of = (plan, kind) => plan.features.filter((feature) => feature.properties.kind === kind);
/** What a report can be said to be at. */
const named = (plan) => [...of(plan, 'building'), ...of(plan, 'landmark')];

async function draw(box) {
  box.dataset.drawn = '';
  const plan = await planOf(box);
  const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'pkg:map-css' });
  await new Promise((done) => { style.onload = style.onerror = done; document.head.append(style); });
  box.querySelector('[role=status]').textContent = '';
  const canvas = box.querySelector('.map');
  const map = L.map(canvas, { zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 12, maxZoom: 20, scrollWheelZoom: false });
  L.control.zoom({ position: 'topright', zoomInTitle: canvas.dataset.zoomIn, zoomOutTitle: canvas.dataset.zoomOut }).addTo(map);
  const ground = groundOf(plan.tiles, map);
  const at = ([longitude, latitude]) => ground.there({ longitude, latitude });
  const picks = box.dataset.picks !== undefined;
  const bounds = L.latLngBounds([]);

  // Names lie on the ground: below the markers, and nothing is tapped on them.
  map.createPane('names').classList.add('map-names');
  for (const grid of of(plan, 'grid')) {
    const shape = L.polygon(grid.geometry.coordinates[0].map(at), { className: 'map-grid', weight: 1.5, interactive: false }).addTo(map);
    bounds.extend(shape.getBounds());
    L.tooltip({ permanent: true, direction: 'center', pane: 'names', className: 'map-name', content: text(grid.properties.name) }).setLatLng(shape.getBounds().getCenter()).addTo(map);
  }
  for (const building of named(plan)) {
    const { name, code, kind } = building.properties;
    const marker = pin(at(building.geometry.coordinates), `map-${kind}`, name, name, picks);
    bounds.extend(marker.getLatLng());
    marker.addTo(map);
    if (picks) marker.on('click', () => choose(box, { building: code, name }));
  }
  if (picks) {
    map.fitBounds(bounds, { padding: [24, 24] });
    pickable(box, map, ground);
    return;
  }
  const layer = L.layerGroup().addTo(map);
  const paper = { box, layer, at };
  for (const spot of reportsOf(plan, paper)) bounds.extend(spot);
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24] });
  // Something happened: the same map with what is open now. The reader stays where they are.
  let shown = JSON.stringify(of(plan, 'report'));
  box.addEventListener('changed', async () => {
    const fresh = await planOf(box, { cache: 'no-cache' }).catch(() => undefined);
    const now = fresh && JSON.stringify(of(fresh, 'report'));
    if (!fresh || now === shown) return;
    shown = now;
    reportsOf(fresh, paper);
  });
}

/** Puts the open reports on the map, and beside it; a place whose reports are being read stays open. Gives where they are. */
function reportsOf(plan, { box, layer, at }) {
  const canvas = box.querySelector('.map');
  let reading;
  layer.eachLayer((marker) => { if (marker.isPopupOpen()) reading = marker.options.alt; });
  layer.clearLayers();
  const places = new Map();
  // In the order of the buildings and landmarks, as people look for them.
  for (const { geometry } of named(plan)) places.set(geometry.coordinates.join(), []);
  for (const report of of(plan, 'report')) {
    const key = report.geometry.coordinates.join();
    places.set(key, [...(places.get(key) ?? []), report]);
  }
  const rows = [];
  const spots = [];
  for (const reports of [...places.values()].filter((all) => all.length)) {
    const { place } = reports[0].properties;
    const count = canvas.dataset.count.replace('{n}', reports.length);
    const spot = at(reports[0].geometry.coordinates);
    const marker = pin(spot, 'map-report', reports.length, `${place} ${count}`, true, [0, -20]);
    marker.bindPopup(links(reports, place), { maxHeight: 180, minWidth: 200, maxWidth: 260 }).addTo(layer);
    if (reading?.startsWith(`${place} `)) marker.openPopup();
    spots.push(spot);
    rows.push({ place, count, reports });
  }
  list(box, canvas.dataset.list, rows);
  return spots;
}

/** What lies under the plan: nothing, or pictures of the streets, which may be drawn in other coordinates than ours. */
function groundOf(tiles, map) {
  const plain = { there: (at) => [at.latitude, at.longitude], back: (latlng) => ({ longitude: latlng.lng, latitude: latlng.lat }) };
  if (!tiles) return plain;
  L.control.attribution({ prefix: false }).addTo(map);
  L.tileLayer(tiles.url, { attribution: text(tiles.attribution), maxZoom: 20, maxNativeZoom: 18 }).addTo(map);
  if (!tiles.gcj02) return plain;
  return { there: (at) => plain.there(toGcj02(at)), back: (latlng) => toWgs84(plain.back(latlng)) };
}

const text = (words) => document.createTextNode(words).textContent.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function pin(where, className, word, title, focusable, offset = [0, 0]) {
  const icon = L.divIcon({ className, html: text(String(word)), iconSize: null, iconAnchor: [-offset[0] + 14, -offset[1] + 14] });
  return L.marker(where, { icon, title, alt: title, keyboard: focusable, interactive: focusable });
}

/** Reports of one place, each a link. */
function links(reports, place) {
  const part = document.createElement('div');
  part.append(Object.assign(document.createElement('strong'), { textContent: place }));
  const all = document.createElement('ul');
  for (const { properties: { code, name, state } } of reports) {
    const item = document.createElement('li');
    item.append(Object.assign(document.createElement('a'), { href: `/reports/${code}`, textContent: `${name} · ${state}` }));
    all.append(item);
  }
  part.append(all);
  return part;
}

/** The same beside the map, for those who do not see or point. */
function list(box, title, rows) {
  const part = box.querySelector('.map-list');
  if (!part) return;
  part.replaceChildren();
  if (!rows.length) return;
  const heading = Object.assign(document.createElement('h2'), { textContent: title });
  part.replaceChildren(heading, ...rows.map(({ place, count, reports }) => {
    const fold = document.createElement('details');
    fold.append(Object.assign(document.createElement('summary'), { textContent: `${place} · ${count}` }), links(reports, '').lastChild);
    return fold;
  }));
}

/** A free spot becomes the position; a building becomes the choice in the list. */
function pickable(box, map, ground) {
  let mark;
  map.on('click', ({ latlng }) => {
    mark ??= L.circleMarker(latlng, { radius: 9, className: 'map-mark', interactive: false }).addTo(map);
    mark.setLatLng(latlng);
    const { longitude, latitude } = ground.back(latlng);
    choose(box, { longitude: longitude.toFixed(5), latitude: latitude.toFixed(5) });
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

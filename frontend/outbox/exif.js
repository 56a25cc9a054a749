// Where the camera was, as a JPEG says it, read on the phone: what is sent was drawn anew and says nothing any more.

const EXIF = 0x45786966;
const GPS_PART = 0x8825;

/** Degrees east and north, WGS-84, or undefined. Reads the first 256 kB; a broken file says nothing. */
export async function positionIn(file) {
  try {
    return inside(new DataView(await file.slice(0, 1 << 18).arrayBuffer()));
  } catch {
    return undefined;
  }
}

function inside(view) {
  if (view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; ;) {
    const marker = view.getUint16(at);
    if (marker === 0xffe1 && view.getUint32(at + 4) === EXIF) return position(view, at + 10);
    // The picture itself begins: no more words about it.
    if (marker >> 8 !== 0xff || marker === 0xffda) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
}

function position(view, begin) {
  const little = view.getUint16(begin) === 0x4949;
  const short = (at) => view.getUint16(begin + at, little);
  const long = (at) => view.getUint32(begin + at, little);
  /** Offsets of the values of a part, by tag. */
  const part = (at) => new Map(Array.from({ length: short(at) }, (_, n) => [short(at + 2 + n * 12), at + 2 + n * 12 + 8]));
  const gps = part(long(part(long(4)).get(GPS_PART)));
  const degrees = (tag, negative) => {
    const at = long(gps.get(tag));
    const [d, m, s] = [0, 8, 16].map((n) => long(at + n) / long(at + n + 4));
    const value = d + m / 60 + s / 3600;
    return view.getUint8(begin + gps.get(tag - 1)) === negative.charCodeAt(0) ? -value : value;
  };
  const found = { longitude: degrees(4, 'W'), latitude: degrees(2, 'S') };
  const real = Math.abs(found.longitude) <= 180 && Math.abs(found.latitude) <= 90 && (found.longitude || found.latitude);
  return real ? found : undefined;
}

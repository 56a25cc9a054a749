// GCJ-02 ("Mars coordinates"), in which maps published in China are drawn, from and to WGS-84, in which phones, photos and
// this project's own data are. The shift is some 300 to 600 m. The formula was never published; this is the one that is
// known from map software and agrees with published pairs to some centimetres. Outside of China both are the same.

/** Half the longer axis and the square of the eccentricity of the Krasovsky ellipsoid, as the formula has them. */
const AXIS = 6378245;
const ECCENTRICITY2 = 0.006693421622965943;

const sin = (x) => Math.sin(x * Math.PI);

/** Whether the shift applies: the rectangle that map software uses for it. */
const isShifted = ({ longitude, latitude }) => longitude >= 72.004 && longitude <= 137.8347 && latitude >= 0.8293 && latitude <= 55.8271;

/** How far GCJ-02 lies from a WGS-84 position, in degrees. */
function shift({ longitude, latitude }) {
  const x = longitude - 105;
  const y = latitude - 35;
  const root = 0.1 * Math.sqrt(Math.abs(x));
  const waves = (20 * sin(6 * x) + 20 * sin(2 * x)) * 2 / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * root + waves
    + (20 * sin(y) + 40 * sin(y / 3) + 160 * sin(y / 12) + 320 * sin(y / 30)) * 2 / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + root + waves
    + (20 * sin(x) + 40 * sin(x / 3) + 150 * sin(x / 12) + 300 * sin(x / 30)) * 2 / 3;
  const radians = latitude * Math.PI / 180;
  const magic = 1 - ECCENTRICITY2 * Math.sin(radians) ** 2;
  return {
    latitude: north * 180 / (AXIS * (1 - ECCENTRICITY2) / (magic * Math.sqrt(magic)) * Math.PI),
    longitude: east * 180 / (AXIS / Math.sqrt(magic) * Math.cos(radians) * Math.PI),
  };
}

/** A WGS-84 position in GCJ-02. */
export function toGcj02(at) {
  if (!isShifted(at)) return { ...at };
  const by = shift(at);
  return { longitude: at.longitude + by.longitude, latitude: at.latitude + by.latitude };
}

/** A GCJ-02 position in WGS-84: the one whose shift leads here, found by correcting a guess until it is exact to a millimetre. */
export function toWgs84(at) {
  if (!isShifted(at)) return { ...at };
  let guess = { ...at };
  for (let round = 0; round < 6; round += 1) {
    const there = toGcj02(guess);
    guess = { longitude: guess.longitude + at.longitude - there.longitude, latitude: guess.latitude + at.latitude - there.latitude };
  }
  return guess;
}

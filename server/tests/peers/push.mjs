// A browser's side of web push, by the npm package http_ece (the encryption's own authors) and Node's own cryptography.
//
//   push.mjs keys   a browser's keys as JSON: private, p256dh, auth
//   push.mjs read   reads {keys, body, authorization, key} from standard input, decrypts the body, and checks the VAPID
//                   signature with the public key that the browser subscribed with: {payload, claims}
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ece = createRequire(new URL('../../../end2end/package.json', import.meta.url))('http_ece');
const curve = createECDH('prime256v1');
const print = (value) => process.stdout.write(JSON.stringify(value));

if (process.argv[2] === 'keys') {
  curve.generateKeys();
  print({
    private: curve.getPrivateKey('base64url'),
    p256dh: curve.getPublicKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  });
} else {
  const { keys, body, authorization, key } = JSON.parse(readFileSync(0, 'utf8'));
  curve.setPrivateKey(Buffer.from(keys.private, 'base64url'));
  const payload = ece.decrypt(Buffer.from(body, 'base64'), { version: 'aes128gcm', privateKey: curve, authSecret: keys.auth });

  // RFC 8292, 3: vapid t=<token>, k=<key>.
  const [, token, sender] = /^vapid t=([^,]+), k=([A-Za-z0-9_-]+)$/.exec(authorization);
  if (sender !== key) throw new Error('signed with another key than the one subscribed with');
  const point = Buffer.from(sender, 'base64url');
  if (point.length !== 65 || point[0] !== 4) throw new Error('no uncompressed point');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const [head, claims, signature] = token.split('.');
  const fits = verify('sha256', Buffer.from(`${head}.${claims}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!fits) throw new Error('the signature does not fit');
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
  if (read(head).alg !== 'ES256') throw new Error('another algorithm');
  print({ payload: JSON.parse(payload.toString()), claims: read(claims) });
}

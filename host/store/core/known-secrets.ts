/**
 * A secret that Hob holds may come back in another dress: in a URL, base64 (at three alignments,
 * since what stands before it shifts the groups), hex or inside JSON text.
 */

/** Shorter values would redact half of all text. */
export const MIN_SECRET_LENGTH = 8;

/** Every text form of the given secrets, longest first, so that a form never leaves a piece of a longer one. */
export function secretForms(secrets: readonly string[]): readonly string[] {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH) continue;
    for (const form of formsOf(secret.toWellFormed())) {
      if (form.length >= MIN_SECRET_LENGTH) forms.add(form);
    }
  }
  return [...forms].toSorted((a, b) => b.length - a.length);
}

function formsOf(secret: string): string[] {
  const bytes = utf8(secret);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const encoded = encodeURIComponent(secret);
  const whole = base64At([...bytes, 0, 0], 0).slice(0, Math.ceil((bytes.length * 8) / 6));
  const padded = whole.padEnd(Math.ceil(whole.length / 4) * 4, '=');
  const base64 = [padded, whole, ...[0, 1, 2].map((shift) => base64At(bytes, shift))];
  return [
    secret,
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

function utf8(text: string): number[] {
  const escaped = encodeURIComponent(text);
  const codes = escaped.match(/%[0-9A-F]{2}|[\s\S]/g) ?? [];
  return codes.map((code) =>
    code.length === 3 ? Number.parseInt(code.slice(1), 16) : code.charCodeAt(0),
  );
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The characters of base64 that depend on `bytes` alone when `shift` bytes stand before them. */
function base64At(bytes: readonly number[], shift: number): string {
  const first = shift === 0 ? 0 : Math.ceil((shift * 8) / 6);
  const last = Math.floor(((shift + bytes.length) * 8) / 6);
  let text = '';
  for (let i = first; i < last; i += 1) {
    const bit = i * 6 - shift * 8;
    const at = Math.floor(bit / 8);
    const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    text += ALPHABET[(pair >> (10 - (bit - at * 8))) & 63] ?? '';
  }
  return text;
}

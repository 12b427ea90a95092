// age's passphrase (its scrypt recipient), with Node's scrypt: the library's own takes the host's only thread for
// some seconds. Files of either open with the other, and with `age`.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { Decrypter, Encrypter, Stanza } from 'age-encryption';

/** 128 MiB and half a second, for every guess as well. `age` takes twice that, and opens files of up to 22. */
const WORK = 17;
/** A file that wants more is not one of Hob's. */
const MOST_WORK = 20;
const LABEL = 'age-encryption.org/v1/scrypt';
const TAG = 16;
/** Each key wraps one file key. */
const NONCE = Buffer.alloc(12);
const cipher = 'chacha20-poly1305';
const tagged = { authTagLength: TAG };

export async function sealWith(passphrase: string, text: string, work = WORK): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    async wrapFileKey(fileKey: Uint8Array) {
      const salt = randomBytes(16);
      const wrapping = createCipheriv(
        cipher,
        await stretched(passphrase, salt, work),
        NONCE,
        tagged,
      );
      const body = Buffer.concat([
        wrapping.update(fileKey),
        wrapping.final(),
        wrapping.getAuthTag(),
      ]);
      return [new Stanza(['scrypt', unpadded(salt), String(work)], body)];
    },
  });
  return encrypter.encrypt(text);
}

/** Throws when the passphrase is another one, or the file something else. */
export function unsealWith(passphrase: string, sealed: Uint8Array): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    async unwrapFileKey(stanzas: readonly Stanza[]) {
      const [stanza] = stanzas;
      const [kind, salt = '', work = ''] = stanza?.args ?? [];
      const isOne = stanzas.length === 1 && kind === 'scrypt' && /^[1-9]\d?$/.test(work);
      if (stanza === undefined || !isOne || Number(work) > MOST_WORK) return null;
      const key = await stretched(passphrase, Buffer.from(salt, 'base64'), Number(work));
      return opened(key, stanza.body);
    },
  });
  return decrypter.decrypt(sealed, 'text');
}

function opened(key: Buffer, body: Uint8Array): Uint8Array | null {
  if (body.length !== 16 + TAG) return null;
  const opening = createDecipheriv(cipher, key, NONCE, tagged);
  opening.setAuthTag(body.subarray(-TAG));
  try {
    return Buffer.concat([opening.update(body.subarray(0, -TAG)), opening.final()]);
  } catch {
    return null;
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function stretched(passphrase: string, salt: Buffer, work: number): Promise<Buffer> {
  const N = 2 ** work;
  const labelled = Buffer.concat([Buffer.from(LABEL), salt]);
  return new Promise((resolve, reject) => {
    const options = { N, r: 8, p: 1, maxmem: 129 * N * 8 };
    scrypt(passphrase, labelled, 32, options, (failure, key) =>
      failure === null ? resolve(key) : reject(failure),
    );
  });
}

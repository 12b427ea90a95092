// What is taken of age: a key pair, to its own public half. Loaded with the first secret; the file names what
// it takes so that the bundle has that and not the whole of it.
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

export const makeIdentity = (): Promise<string> => generateX25519Identity();

export async function seal(identity: string, text: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(identity));
  return encrypter.encrypt(text);
}

export function unseal(identity: string, sealed: Uint8Array): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(sealed, 'text');
}

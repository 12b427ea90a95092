import assert from 'node:assert/strict';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, it } from 'mocha';
import { sealWith, unsealWith } from './age-passphrase.ts';

const passphrase = 'seven hills of a wild horse';
const text = 'AGE-SECRET-KEY-1TEST\n';

describe('a file under a passphrase', () => {
  it('[X-12] is one of age: the library opens ours, and its own opens here', async () => {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    assert.equal(await decrypter.decrypt(await sealWith(passphrase, text, 10), 'text'), text);
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(10);
    assert.equal(await unsealWith(passphrase, await encrypter.encrypt(text)), text);
  });

  it('[X-12] opens with nothing else, and a file that wants a day of work is refused', async () => {
    const sealed = await sealWith(passphrase, text, 10);
    await assert.rejects(unsealWith(`${passphrase} `, sealed));
    await assert.rejects(unsealWith(passphrase, sealed.subarray(0, -1)));
    const head = Buffer.from(sealed).toString('latin1');
    const greedy = Buffer.from(head.replace(/(-> scrypt \S+) 10/, '$1 60'), 'latin1');
    await assert.rejects(unsealWith(passphrase, greedy));
  });
});

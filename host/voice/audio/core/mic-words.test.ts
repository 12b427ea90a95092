import * as assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { voiceSettings } from '#host/policy/core/voice-settings.ts';
import { micFailureOf, micWords, missingLibraryWords } from './mic-words.ts';

describe('words about a microphone', () => {
  it('[V-61] tells the failures of both libraries apart', () => {
    const rows: readonly (readonly [string | undefined, string, string])[] = [
      ['NO_MICROPHONE_FOUND', 'No microphone found.', 'no_device'],
      ['PERMISSION_DENIED', 'Microphone permission denied.', 'permission_denied'],
      ['DEVICE_FAILED', 'decibri: audio device error: gone', 'device_lost'],
      [undefined, 'PortAudio: Device unavailable (busy)', 'device_busy'],
      [undefined, 'The requested device is no longer available', 'device_lost'],
      [undefined, 'Invalid device', 'no_device'],
      [undefined, 'libasound.so.2: cannot open shared object file', 'not_supported'],
      [undefined, 'something nobody has seen', 'failed'],
    ];
    for (const [code, message, expected] of rows)
      assert.equal(micFailureOf(code, message), expected, message);
  });

  it('[V-61] says what to do about each, and what the machine said where that helps', () => {
    const reasons = [
      'no_device',
      'device_lost',
      'permission_denied',
      'device_busy',
      'not_supported',
      'failed',
    ] as const;
    const said = reasons.map((reason) => micWords(reason, 'detail'));
    assert.equal(new Set(said).size, reasons.length);
    assert.match(micWords('not_supported', 'detail'), /detail/);
    assert.doesNotMatch(micWords('no_device', 'detail'), /detail/);
  });

  it('[V-61] names the package that is missing', () => {
    const missing = missingLibraryWords(
      'decibri',
      'linux-x64',
      'libasound.so.2: cannot open shared object file',
    );
    assert.match(missing, /apt install libasound2/);
    assert.match(
      missingLibraryWords('decibri', 'darwin-x64', 'Cannot find module'),
      /no part for darwin-x64/,
    );
    const setting = /setting "([^"]+)"/.exec(
      missingLibraryWords('decibri', 'darwin-x64', 'Cannot find module'),
    );
    assert.ok(Object.hasOwn(voiceSettings, setting?.[1] ?? ''), 'a setting that there is');
  });
});

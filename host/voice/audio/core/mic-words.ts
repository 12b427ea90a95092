import type { MicFailure } from '../../facts.ts';

/** What a person reads, and what to do next. */
const words: Readonly<Record<MicFailure, string>> = {
  no_device: 'There is no microphone. Connect one, or choose another in the voice settings.',
  device_lost: 'The microphone was disconnected while you spoke. Connect it and say it again.',
  permission_denied:
    'This machine does not let Hob use the microphone. Allow it for your editor in the system settings.',
  device_busy:
    'Another program has the microphone. Close that program, or choose another microphone.',
  not_supported: 'The sound library does not work on this machine.',
  failed: 'The microphone gives no sound. Choose another one, or restart the sound system.',
};

/** One or two sentences; `detail` is what the machine said, for `not_supported` and `failed`. */
export function micWords(reason: MicFailure, detail = ''): string {
  const said = detail.trim();
  if (said === '' || (reason !== 'not_supported' && reason !== 'failed')) return words[reason];
  return `${words[reason]} (${said})`;
}

const byCode: Readonly<Record<string, MicFailure>> = {
  MICROPHONE_NOT_FOUND: 'no_device',
  NO_MICROPHONE_FOUND: 'no_device',
  SPEAKER_NOT_FOUND: 'no_device',
  NO_SPEAKER_FOUND: 'no_device',
  NOT_AN_INPUT_DEVICE: 'no_device',
  PERMISSION_DENIED: 'permission_denied',
  DEVICE_FAILED: 'device_lost',
};

const byText: readonly (readonly [RegExp, MicFailure])[] = [
  [/permission|access (is )?denied|not permitted|EACCES/i, 'permission_denied'],
  [/\bbusy\b|in use|unavailable \(|EBUSY|exclusive/i, 'device_busy'],
  [/no longer available|disconnected|unplugged|device (was )?lost|ENODEV/i, 'device_lost'],
  [
    /no (default )?(input|output)? ?device|invalid device|not found matching|no such device/i,
    'no_device',
  ],
  [
    /cannot open shared object|cannot find module|could not find|dlopen|no native binding/i,
    'not_supported',
  ],
];

/** Which failure a library means by its code and its message. */
export function micFailureOf(code: string | undefined, message: string): MicFailure {
  const known = code === undefined ? undefined : byCode[code];
  return known ?? byText.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed';
}

/** What to do about a sound library that cannot be loaded. */
export function missingLibraryWords(library: string, platform: string, message: string): string {
  if (/libasound/.test(message))
    return 'libasound is missing: install it (Debian: apt install libasound2; Fedora: dnf install alsa-lib), then try again';
  if (/cannot find module|could not (find|locate)|no native binding/i.test(message))
    return `${library} has no part for ${platform}; choose the other sound library in the setting "voice.engine"`;
  return `${library} cannot be loaded: ${message.split('\n')[0]}`;
}
